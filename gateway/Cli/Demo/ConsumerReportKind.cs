namespace Gateway.Cli.Demo;

internal enum ConsumerReportKind
{
    Received,
    Completed,
    InDoubt,
}
