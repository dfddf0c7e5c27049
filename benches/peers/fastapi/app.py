"""One employee by id with FastAPI and asyncpg: what the service is compared with, without token, policy and log."""

import os
from contextlib import asynccontextmanager
from datetime import date, datetime
from uuid import UUID

import asyncpg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

# With two workers as many connections as the service has on two cores.
CONNECTIONS = 4

COLUMNS = (
    "id, code, full_name, email, phone, unit_id, job_position_id, category, status, birth_date, joined_on,"
    " personal_number, restricted, erased_at, version, created_at, updated_at"
)


class Employee(BaseModel):
    """The members that the service answers with."""

    id: UUID
    code: str
    full_name: str
    email: str
    phone: str | None
    unit_id: UUID
    job_position_id: UUID
    category: str
    status: str
    birth_date: date | None
    joined_on: date
    personal_number: str | None
    restricted: bool
    erased_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


@asynccontextmanager
async def lifespan(app: FastAPI):
    """Open the pool before the first request."""
    app.state.pool = await asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=CONNECTIONS, max_size=CONNECTIONS
    )
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)


@app.get("/ready")
async def ready() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/employees/{id}")
async def employee(id: UUID) -> Employee:
    row = await app.state.pool.fetchrow(f"SELECT {COLUMNS} FROM employees WHERE id = $1", id)
    if row is None:
        raise HTTPException(404)
    return Employee(**row)
