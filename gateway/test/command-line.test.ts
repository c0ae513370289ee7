import { parseCommandLine } from '../src/command-line';

describe('the command line', () => {
  it('needs nothing', () => {
    expect(parseCommandLine([])).toEqual({ supergraph: undefined, port: undefined, isOpen: false, wantsHelp: false });
  });

  it('takes a supergraph, a port and whether it is to be open', () => {
    expect(parseCommandLine(['--supergraph', 'graph.graphql', '--port=0', '--open'])).toEqual({
      supergraph: 'graph.graphql',
      port: 0,
      isOpen: true,
      wantsHelp: false,
    });
  });

  it.each([[['--hot']], [['--port', 'http']], [['--port', '70000']], [['--supergraph']], [['graph.graphql']]])(
    'refuses %j',
    (args) => {
      expect(() => parseCommandLine(args)).toThrow();
    },
  );
});
