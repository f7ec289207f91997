import { common } from '../i18n/common'

export function Loading() {
  return <p class="loading" role="status">{common.value.loading}…</p>
}
