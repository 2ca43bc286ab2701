using System.Text.RegularExpressions;

namespace Gateway.Client.Outbox;

/// <summary>The names of tables, which stand in statements as they are, and the scripts that make them.</summary>
internal sealed partial record OutboxTables(string Outbox, string Inbox)
{
    public const string OutboxDefault = "gateway_outbox";
    public const string InboxDefault = "gateway_inbox";

    /// <summary>The version of the tables that this library makes and uses.</summary>
    public const int Version = 1;

    /// <summary>The first of the two numbers of advisory locks, so that they differ from those of an application.</summary>
    public const int LockClass = 1196705645;

    /// <summary>Whether the name can be that of a table: letters, digits and underscores, behind a schema and a dot if wanted.</summary>
    public static bool IsName(string? name) => name is not null && name.Length <= 48 && Name().IsMatch(name);

    /// <summary>A script with these names in place of the default ones.</summary>
    /// <param name="part">outbox or inbox.</param>
    /// <param name="dialect">The database.</param>
    public string Script(string part, OutboxDialect dialect)
    {
        var resource = $"{part}.{dialect.Name}.sql";
        using var stream = typeof(OutboxTables).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The script {resource} is missing in this assembly.");
        using var reader = new StreamReader(stream);
        return Place(Place(reader.ReadToEnd(), OutboxDefault, Outbox), InboxDefault, Inbox);
    }

    /// <summary>Indexes have the table's name without its schema, in which they are anyway.</summary>
    private static string Place(string script, string standard, string name)
    {
        var index = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var withIndexes = Regex.Replace(script, $@"\b{standard}(?=_(?!version\b))", index);
        return Regex.Replace(withIndexes, $@"\b{standard}(?=\b|_version\b)", name);
    }

    [GeneratedRegex(@"^([A-Za-z_][A-Za-z0-9_]*\.)?[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Name();
}
