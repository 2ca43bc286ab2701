namespace Gateway.Cli;

/// <summary>The verbs of the executable.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args) => GatewayHost.RunAsync(args, CancellationToken.None);
}
