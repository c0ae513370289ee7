import { isTruthy } from '../bson/numbers';
import { isDocument, type MaybeValue } from '../bson/values';
import { locationError } from '../errors';
import type { Evaluate } from './expression';

type CompileExpression = (expression: MaybeValue) => Evaluate;
type Compile = (argument: MaybeValue, compile: CompileExpression) => Evaluate;

const list = (argument: MaybeValue): MaybeValue[] => (Array.isArray(argument) ? argument : [argument]);

const condition: Compile = (argument, compile) => {
  const named = isDocument(argument) ? [argument.if, argument.then, argument.else] : list(argument);
  const [test, then, otherwise, ...rest] = named.map(compile);
  if (!test || !then || !otherwise || rest.length > 0) throw locationError(16020, '$cond takes exactly 3 arguments');
  return (document, variables) =>
    isTruthy(test(document, variables)) ? then(document, variables) : otherwise(document, variables);
};

const firstThatExists: Compile = (argument, compile) => {
  const candidates = list(argument).map(compile);
  return (document, variables) => {
    let value: MaybeValue;
    for (const evaluate of candidates) {
      value = evaluate(document, variables);
      if (value !== null && value !== undefined) break;
    }
    return value;
  };
};

const branches: Compile = (argument, compile) => {
  const { branches: cases, default: preset } = isDocument(argument) ? argument : {};
  const compiled = list(cases)
    .filter(isDocument)
    .map((branch) => ({ test: compile(branch.case), then: compile(branch.then) }));
  const otherwise = preset === undefined ? undefined : compile(preset);
  return (document, variables) => {
    const found = compiled.find(({ test }) => isTruthy(test(document, variables)));
    if (found) return found.then(document, variables);
    if (otherwise) return otherwise(document, variables);
    throw locationError(40066, '$switch could not find a matching branch for an input, and no default was specified.');
  };
};

const all: Compile = (argument, compile) => {
  const operands = list(argument).map(compile);
  return (document, variables) => operands.every((evaluate) => isTruthy(evaluate(document, variables)));
};

const any: Compile = (argument, compile) => {
  const operands = list(argument).map(compile);
  return (document, variables) => operands.some((evaluate) => isTruthy(evaluate(document, variables)));
};

const not: Compile = (argument, compile) => {
  const evaluate = compile(Array.isArray(argument) ? argument[0] : argument);
  return (document, variables) => !isTruthy(evaluate(document, variables));
};

/** The operators that evaluate only as much of their arguments as they need, and keep the types of what they choose. */
export const CONDITIONALS: ReadonlyMap<string, Compile> = new Map([
  ['$cond', condition],
  ['$ifNull', firstThatExists],
  ['$switch', branches],
  ['$and', all],
  ['$or', any],
  ['$not', not],
]);
