/** A record with what Tenon knows of it. Times are ISO 8601. */
export interface StoredRecord<Model> {
  readonly id: string;
  readonly data: Model;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Null while the record exists at its provider. */
  readonly deletedAt: string | null;
}
