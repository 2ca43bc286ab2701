namespace Gateway;

/// <summary>The composition root of a running gateway.</summary>
internal static class GatewayHost
{
    public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        _ = args;
        _ = cancellationToken;
        return Task.FromResult(0);
    }
}
