/** Hands a file to the user, as if he or she had clicked a link to it. */
export function save(address: string, name = ''): void {
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.rel = 'noreferrer'
  link.click()
}

export function saveBlob(content: Blob, name: string): void {
  const address = URL.createObjectURL(content)
  save(address, name)
  setTimeout(() => URL.revokeObjectURL(address), 60_000) // the browser reads it after the click
}
