/** One call of the API of people; throws the sandbox's own sentence when it refuses. */
export async function callSandbox<T>(url: string, method: string, path: string, body?: object): Promise<T> {
  const form = body instanceof FormData
  const response = await fetch(`${url}/api${path}`, {
    method,
    ...(body && { body: form ? body : JSON.stringify(body) }),
    ...(body && !form && { headers: { 'content-type': 'application/json' } }),
  })
  const answer = (await response.json()) as T & { error?: string }
  if (!response.ok) throw new Error(`The sandbox refused ${method} ${path}: ${answer.error ?? response.status}`)
  return answer
}
