// Exits with 0 when the service of this container is ready; its operations port is its port + 100.
const PORTS = { gateway: 4000, users: 4001, products: 4002, inventory: 4003, orders: 4004 };

const service = process.env.SERVICE ?? '';
// Blank counts as not set, as in the services' configuration.
const port = Number(process.env[`${service.toUpperCase()}_PORT`]?.trim() || PORTS[service]) + 100;
const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => ({ ok: false }));
process.exit(response.ok ? 0 : 1);
