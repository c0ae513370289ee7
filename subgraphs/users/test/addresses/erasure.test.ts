import { eventually } from '@shopgraph/kit/testing';
import { GOOD_PASSWORD, journeys } from '../journeys';
import { privacyRequests } from '../privacy/privacy-requests';
import { startUsers, type TestUsers } from '../start-users';

let users: TestUsers;
beforeAll(async () => {
  users = await startUsers();
});
afterAll(() => users.stop());

const CREATE = `mutation {
  addressCreate(input: { name: "Ada", line1: "Rua das Flores 1", city: "Porto", country: "PT" }) { address { id } }
}`;

describe('the addresses of somebody', () => {
  it('are part of what is exported of them', async () => {
    const { viewer, user } = await journeys(users).join();
    await users.send(viewer, CREATE);
    const { userExport, privacyJob, answer } = privacyRequests(users);
    const { job } = await userExport(viewer, user.id);
    for (const subgraph of ['products', 'inventory', 'orders']) await answer(subgraph, job?.id);
    await eventually(async () => {
      const done = await privacyJob(viewer, job?.id);
      expect(done?.document?.users).toMatchObject({ addresses: [{ line1: 'Rua das Flores 1' }] });
    });
  });

  it('are gone once they are erased, also those that are added at the same time', async () => {
    const { viewer, user } = await journeys(users).join();
    await users.send(viewer, CREATE);
    const adding = Array.from({ length: 5 }, () => users.send(viewer, CREATE));
    await privacyRequests(users).userAnonymize(viewer, user.id, GOOD_PASSWORD);
    await Promise.all(adding);
    expect(await users.collection('users').findOne({ _id: user.id })).toMatchObject({ status: 'ANONYMISED' });
    expect(await users.collection('addressBooks').findOne({ _id: user.id })).toMatchObject({ addresses: [] });
    const { errors } = await users.send(viewer, CREATE);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
