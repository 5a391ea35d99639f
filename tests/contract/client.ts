// Compiled against the types of a generated schema: reads and writes, and prints what it was told, as JSON.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Bodies = {
  companies_create: components["schemas"]["CompanyBody"];
  companies_uscc_change: components["schemas"]["CompanyChangeBody"];
  certifications_create: components["schemas"]["CertificationBody"];
};

const [address, key, bodies] = process.argv.slice(2) as [string, string, string];
const given = JSON.parse(bodies) as Bodies;
const querySerializer = { array: { style: "form", explode: false } } as const;
const reader = createClient<paths>({ baseUrl: address, querySerializer });
const writer = createClient<paths>({
  baseUrl: address,
  querySerializer,
  headers: { Authorization: `Bearer ${key}` },
});

// What can be had as a file, too, is text there.
function there<T>(value: T | undefined, what: unknown): Exclude<T, string> {
  if (value === undefined || typeof value === "string") throw new Error(`no JSON came: ${JSON.stringify(what)}`);
  return value as Exclude<T, string>;
}

async function main(): Promise<void> {
  const query = { valid_on: "2026-06-30", lang: "en", limit: 2, certified: ["high_tech", "technology_sme"] } as const;
  const list = await reader.GET("/api/v1/companies/", {
    params: { query: { ...query, certified: [...query.certified] } },
  });
  const figure = await reader.GET("/api/v1/statistics/high-tech-firms/", {
    params: { query: { valid_on: "2026-06-30", group_by: ["district", "zone"] } },
  });
  const wrong = await reader.GET("/api/v1/companies/", { params: { query: { district: ["no-such-district"] } } });

  const body = given.companies_create;
  const made = await writer.POST("/api/v1/companies/", { body, params: { header: { "Idempotency-Key": "ts" } } });
  const firm = there(made.data, made.error).data.uscc;
  const tag = made.response.headers.get("ETag") ?? "";
  const path = { uscc: firm };
  const change = { body: given.companies_uscc_change, params: { path, header: { "If-Match": tag } } };
  const changed = await writer.PATCH("/api/v1/companies/{uscc}/", change);
  const stale = await writer.PATCH("/api/v1/companies/{uscc}/", change);
  const certified = await writer.POST("/api/v1/certifications/", { body: given.certifications_create });
  const after = await writer.GET("/api/v1/companies/{uscc}/", { params: { path } });

  const told = {
    names: there(list.data, list.error).data.map((one) => one.name),
    groups: there(figure.data, figure.error).groups?.map((one) => one.key.district),
    problem: wrong.error?.errors[0]?.code,
    written: made.response.status,
    capital: there(changed.data, changed.error).data.registered_capital,
    stale: stale.error?.code,
    certificate: there(certified.data, certified.error).data.number,
    certificates: there(after.data, after.error).data.certifications.length,
  };
  console.log(JSON.stringify(told));
}

void main();
