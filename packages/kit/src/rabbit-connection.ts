import { type ChannelModel, connect } from 'amqplib';

const CONNECT_TIMEOUT_MS = 5_000;
/** After two of them without a sign of life the connection counts as broken. */
const HEARTBEAT_SECONDS = 10;

/** Connects to a broker. @throws Error when it is not there, does not answer within 5 s or refuses us. */
export function openConnection(url: string): Promise<ChannelModel> {
  const withHeartbeat = new URL(url);
  const { searchParams } = withHeartbeat;
  if (!searchParams.has('heartbeat')) searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return connect(withHeartbeat.href, { timeout: CONNECT_TIMEOUT_MS });
}

/** Closes a connection that may be closed already. */
export async function breakUp(connection: ChannelModel): Promise<void> {
  await connection.close().catch(() => undefined);
}
