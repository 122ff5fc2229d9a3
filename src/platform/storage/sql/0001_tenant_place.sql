-- Where a tenant's rows are, when that is not a file that never moved. Whoever writes them names the
-- epoch; each move ends one and begins the next.
create table tenant_place (
    id integer primary key,
    place text not null,
    epoch integer not null,
    changed_at integer not null
);

-- Moves that are not finished; what a crash left behind is gone on with or abandoned.
create table tenant_move (
    id integer primary key,
    source text not null,
    target text not null,
    stage text not null,
    started_at integer not null
);
