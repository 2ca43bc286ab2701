namespace Gateway.Cli.Shell;

/// <summary>How a verb writes what it was asked for.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>A JSON object a line.</summary>
    Jsonl,
}
