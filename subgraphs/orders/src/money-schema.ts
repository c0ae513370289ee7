import { Schema } from 'mongoose';

/** An amount within a document: `{ minorUnits, currencyCode }`. */
export const moneySchema = new Schema(
  { minorUnits: { type: Number, required: true }, currencyCode: { type: String, required: true } },
  { _id: false },
);
