using System.Globalization;

namespace Gateway.Store.Postgres;

/// <summary>The names of a schema's tables, quoted, and their definitions; FORMAT.md beside this file describes them. Pure.</summary>
internal sealed class PostgresTables(string schema)
{
    /// <summary>The version of the tables that this program makes.</summary>
    public const int Version = 1;

    /// <summary>
    /// Rows up to this size stay in their table. The bytes of larger ones go beside it, and are never compressed: messages rarely shrink
    /// enough to be worth it.
    /// </summary>
    private const string Storage = "WITH (toast_tuple_target = 8160)";

    private readonly string _schema = Quoted(schema);

    public string Format => $"{_schema}.format";

    public string Stores => $"{_schema}.stores";

    public string Volumes => $"{_schema}.volumes";

    /// <summary>The blocks that belong to no volume, of all stores.</summary>
    public string Beside => $"{_schema}.beside";

    /// <summary>The function that fails unless the caller's epoch is that of the store.</summary>
    public string Fence => $"{_schema}.fence";

    /// <summary>The steps from each version of the tables to the next.</summary>
    public IReadOnlyList<string> Steps => [$"""
        CREATE TABLE {Format} (version int NOT NULL);
        INSERT INTO {Format} VALUES (1);
        CREATE TABLE {Stores} (
            id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL UNIQUE,
            identity uuid,
            format int,
            program text,
            epoch bigint NOT NULL DEFAULT 0,
            holder text NOT NULL DEFAULT '',
            held_since timestamptz,
            seen timestamptz,
            closed text
        ) WITH (fillfactor = 50);
        CREATE TABLE {Volumes} (
            store int NOT NULL REFERENCES {Stores},
            first_group bigint NOT NULL,
            PRIMARY KEY (store, first_group)
        );
        CREATE TABLE {Beside} (
            store int NOT NULL REFERENCES {Stores},
            kind smallint NOT NULL,
            number bigint NOT NULL,
            bytes bytea NOT NULL,
            PRIMARY KEY (store, kind, number)
        ) {Storage};
        ALTER TABLE {Beside} ALTER COLUMN bytes SET STORAGE EXTERNAL;
        CREATE FUNCTION {Fence}(of_store int, own_epoch bigint) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM 1 FROM {Stores} WHERE id = of_store AND epoch = own_epoch FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'another gateway has taken over the store' USING ERRCODE = '{PostgresFailures.Displaced}';
            END IF;
        END
        $$;
        """];

    /// <summary>The table of one volume.</summary>
    public string Volume(int store, long firstGroup) => $"{_schema}.{Quoted(VolumeName(store, firstGroup))}";

    public static string VolumeName(int store, long firstGroup) => string.Create(
        CultureInfo.InvariantCulture, $"volume_{store}_{firstGroup}");

    /// <summary>Makes the table of one volume.</summary>
    public string MakeVolume(int store, long firstGroup) => $"""
        CREATE TABLE {Volume(store, firstGroup)} (
            kind smallint NOT NULL,
            number bigint NOT NULL,
            bytes bytea NOT NULL,
            PRIMARY KEY (kind, number)
        ) {Storage};
        ALTER TABLE {Volume(store, firstGroup)} ALTER COLUMN bytes SET STORAGE EXTERNAL;
        """;

    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
