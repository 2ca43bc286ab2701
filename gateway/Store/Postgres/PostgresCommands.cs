using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>Short forms of the commands that return one value or none. Each throws Npgsql's exceptions.</summary>
internal static class PostgresCommands
{
    public static int Execute(NpgsqlConnection connection, string sql, params object[] values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The value of the first row's first column; the default for null or no row.</summary>
    public static T? Scalar<T>(NpgsqlConnection connection, string sql, params object[] values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteScalar() is T value ? value : default;
    }

    /// <summary>The rows, each read by a function.</summary>
    public static List<T> Rows<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        using var command = Command(connection, sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
