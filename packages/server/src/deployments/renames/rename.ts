/** Something that is called otherwise from one version to the next, and is still the same. */
export interface Rename {
  readonly kind: 'integration' | 'sync' | 'action' | 'model';
  /** As the later version calls it. */
  readonly integration: string;
  readonly from: string;
  readonly to: string;
}
