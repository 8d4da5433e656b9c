/** Every field that a type can have is there, so that one which is added later does not compile until it is. */
type Complete<T> = T extends readonly (infer I)[]
  ? readonly Complete<I>[]
  : T extends object
    ? { readonly [K in keyof T]-?: Complete<Exclude<T[K], undefined | null>> }
    : T;

/** An example of each type of event. */
export type Examples<Event extends { readonly type: string; readonly data: object }> = {
  readonly [E in Event as E['type']]: Complete<TextsPlain<E['data']>>;
};
type TextsPlain<T> = T extends { readonly $enc: 1 }
  ? never
  : T extends object
    ? { readonly [K in keyof T]: TextsPlain<T[K]> }
    : T;
