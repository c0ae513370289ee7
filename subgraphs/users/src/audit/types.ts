import { type Connection, connectionOf, GraphQLDateTime, graphqlEnum, GraphQLJSON, GraphQLLong } from '@shopgraph/kit';
import { Field, ID, ObjectType } from 'type-graphql';
import { UserType } from '../accounts/types';
import { AUDIT_ACTIONS, type AuditAction } from './audit-actions';
import type { AuditDetails } from './audit-details';
import type { RecordedEntry } from './audit-entry';

const ACTIONS_BY_NAME = new Map(
  (Object.keys(AUDIT_ACTIONS) as AuditAction[]).map((action) => [action.toUpperCase().replace(/\W/g, '_'), action]),
);
const NAMES_BY_ACTION = new Map<string, string>([...ACTIONS_BY_NAME].map(([name, action]) => [action, name]));

export const AuditActionEnum = graphqlEnum(
  'AuditAction',
  'What is audited.',
  Object.fromEntries([...ACTIONS_BY_NAME].map(([name, action]) => [name, AUDIT_ACTIONS[action]])),
);

/** The actions of names in the graph. */
export function actionsOf(names: readonly string[]): AuditAction[] {
  return names.flatMap((name) => ACTIONS_BY_NAME.get(name) ?? []);
}

@ObjectType({
  description: 'What was done, by whom, to whom or what, when and where from. Never changed, and deleted only by age.',
})
export class AuditEntry {
  @Field(() => ID, { description: 'Id of the entry.' })
  id!: string;

  @Field(() => GraphQLLong, {
    nullable: true,
    description: 'Its place in the log, from 1 without gaps; null in its first second.',
  })
  sequence!: number | null;

  @Field(() => GraphQLDateTime, { description: 'When it was done.' })
  at!: Date;

  @Field(() => AuditActionEnum, {
    nullable: true,
    description: 'What was done; null where another version of the shop has written it.',
  })
  action!: string | null;

  @Field(() => String, {
    description: 'Who did it: the id of a user or an API key, `service:<name>`, or `anonymous`.',
  })
  actor!: string;

  @Field(() => UserType, {
    nullable: true,
    description: 'The user who did it; null where it was none, and for who may not see them.',
  })
  actorUser!: UserType | null;

  @Field(() => String, { description: 'To whom or what it was done, by its id.' })
  subject!: string;

  @Field(() => UserType, {
    nullable: true,
    description: 'The user to whom it was done; null where it was none, and for who may not see them.',
  })
  subjectUser!: UserType | null;

  @Field(() => String, {
    nullable: true,
    description: 'The address that it was done from; null where a service did it, for what was asked, and once erased.',
  })
  ip!: string | null;

  @Field(() => String, { nullable: true, description: 'The program that it was done with; null where `ip` is.' })
  userAgent!: string | null;

  @Field(() => String, { description: 'Names the request in the logs of all services.' })
  requestId!: string;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'What else there is to say, such as roles, a status, or a reason: an object without depth.',
  })
  details!: AuditDetails | null;
}

export const AuditEntryConnection = connectionOf(AuditEntry);

/** What the fields of an entry that stand in it say. */
export function presentEntry(entry: RecordedEntry): Omit<AuditEntry, 'actorUser' | 'subjectUser'> {
  const { id, sequence, at, action, actor, subject, ip, userAgent, requestId, details } = entry;
  const name = NAMES_BY_ACTION.get(action) ?? null;
  return { id, sequence, at, action: name, actor, subject, ip, userAgent, requestId, details };
}

/** A page of entries as clients get it. */
export function presentPage({ edges, pageInfo }: Connection<RecordedEntry>) {
  return { edges: edges.map(({ cursor, node }) => ({ cursor, node: presentEntry(node) })), pageInfo };
}
