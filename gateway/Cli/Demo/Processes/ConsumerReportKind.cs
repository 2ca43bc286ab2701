namespace Gateway.Cli.Demo.Processes;

internal enum ConsumerReportKind
{
    Received,
    Completed,
    InDoubt,
}
