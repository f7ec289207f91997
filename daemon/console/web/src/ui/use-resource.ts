import { useEffect, useMemo } from 'preact/hooks'
import { live } from '../app/services'
import { Resource, type ResourceOptions } from '../api/resource'

/** A Resource for as long as the component is shown, made anew when a key changes. */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>, keys: unknown[], options: ResourceOptions = {}): Resource<T> {
  const resource = useMemo(() => new Resource(load, live, options), keys)
  useEffect(() => () => resource.end(), [resource])
  return resource
}
