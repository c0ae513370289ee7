import { type Clock, Idempotency, type IdGenerator, type MongoConnection, Outbox } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { LocationService } from './location/location-service';
import { LocationStore } from './location/location-store';
import { StaffData } from './privacy/staff-data';
import { OrderStockService } from './reservation/order-stock-service';
import { ReservationExpiry } from './reservation/reservation-expiry';
import { ReservationService } from './reservation/reservation-service';
import { ReservationStore } from './reservation/reservation-store';
import { ReservationWriter } from './reservation/reservation-writer';
import { ItemService } from './stock/item-service';
import { ItemStore } from './stock/item-store';
import { LevelDirectory } from './stock/level-directory';
import { LevelStore } from './stock/level-store';
import { MovementStore } from './stock/movement-store';
import { ReconciliationService } from './stock/reconciliation-service';
import { StockLedger } from './stock/stock-ledger';
import { StockService } from './stock/stock-service';
import { StockSettingsService } from './stock/stock-settings-service';
import { StockTransactions } from './stock/stock-transactions';
import { TransferService } from './stock/transfer-service';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
}

/** Makes the stores, and the services that use them. */
export function createServices(deps: Dependencies) {
  const { connection, clock, ids } = deps;
  const stores = {
    items: new ItemStore(connection),
    levels: new LevelStore(connection),
    movements: new MovementStore(connection),
    locations: new LocationStore(connection),
    reservations: new ReservationStore(connection),
    idempotency: new Idempotency(connection, clock),
    outbox: new Outbox(connection, clock, ids),
  };
  const ledger = new StockLedger({ ...stores, clock, ids });
  const writer = new ReservationWriter({ ...stores, ledger });
  const transactions = new StockTransactions(connection);
  const directory = new LevelDirectory({ ...stores, ids });
  const all = { ...deps, ...stores, ledger, writer, transactions, directory };
  return {
    ...stores,
    staffData: new StaffData(stores),
    stockService: new StockService(all),
    itemService: new ItemService(all),
    settings: new StockSettingsService(all),
    transferService: new TransferService(all),
    reconciliation: new ReconciliationService(all),
    locationService: new LocationService(all),
    reservationService: new ReservationService(all),
    reservationExpiry: new ReservationExpiry(all),
    orderStock: new OrderStockService(all),
  };
}
