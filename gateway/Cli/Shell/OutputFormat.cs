namespace Gateway.Cli.Shell;

/// <summary>The output format of a verb.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>One JSON object per line.</summary>
    Jsonl,
}
