import type { GraphQLError } from 'graphql';
import type { Path } from './entities';
import { errorAt } from './errors-at-places';
import type { Misfit } from './response-shape';

/** Misfits at places that no error is about yet: nulls are explained once. */
export function unexplained(misfits: readonly Misfit[], errors: readonly GraphQLError[]): GraphQLError[] {
  if (misfits.length === 0) return [];
  const explained = new Places();
  for (const { path = [] } of errors) explained.add(path);
  return misfits
    .filter(({ path }) => !explained.touch(path))
    .map(({ path, message }) => errorAt(path, { message, shown: null }));
}

interface Place {
  readonly inner: Map<string | number, Place>;
  isMeant: boolean;
}

/** Places in an answer as a tree: there can be thousands of each. */
class Places {
  private readonly root: Place = { inner: new Map(), isMeant: false };

  add(path: Path): void {
    let place = this.root;
    for (const step of path) {
      let next = place.inner.get(step);
      if (!next) place.inner.set(step, (next = { inner: new Map(), isMeant: false }));
      place = next;
    }
    place.isMeant = true;
  }

  /** Whether one of them is at `path`, around it or within. */
  touch(path: Path): boolean {
    let place = this.root;
    for (const step of path) {
      if (place.isMeant) return true;
      const next = place.inner.get(step);
      if (!next) return false;
      place = next;
    }
    return place.isMeant || place.inner.size > 0;
  }
}
