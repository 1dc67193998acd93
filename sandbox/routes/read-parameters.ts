import type { FastifyRequest } from 'fastify'
import { badRequest } from '../failures.ts'
import type { Upload } from '../files.ts'
import { Parameters } from '../parameters.ts'

/** Puts together what came in the query and in the body: JSON, a form, or a form with files. */
export async function readParameters(request: FastifyRequest): Promise<Parameters> {
  const query = request.query as Record<string, unknown>
  if (request.isMultipart()) {
    const { fields, files } = await readForm(request)
    return new Parameters({ ...query, ...fields }, files)
  }
  const { body } = request
  if (body === undefined || body === null) return new Parameters(query)
  if (typeof body !== 'object' || Array.isArray(body)) throw badRequest("can't parse request body: expected an Object")
  return new Parameters({ ...query, ...body })
}

/** The fields and files of a multipart form, all in memory; the size of each is limited by the server. */
export async function readForm(
  request: FastifyRequest,
): Promise<{ fields: Record<string, unknown>; files: Map<string, Upload> }> {
  const fields: Record<string, unknown> = {}
  const files = new Map<string, Upload>()
  for await (const part of request.parts()) {
    if (part.type === 'field') fields[part.fieldname] = part.value
    else files.set(part.fieldname, { name: part.filename || 'file', mime: part.mimetype, bytes: await part.toBuffer() })
  }
  return { fields, files }
}
