using Gateway.Client;

namespace Gateway.Contract;

/// <summary>A real gateway, which belongs to whoever started this program: asks there, line by line, and waits for the answer.</summary>
internal sealed class AskedGateway : IGatewayAtHand
{
    private readonly string _address;

    public AskedGateway(string address) => _address = address;

    /// <inheritdoc/>
    public Task KillAsync() => AskAsync("kill");

    /// <inheritdoc/>
    public Task StartAsync() => AskAsync("start");

    /// <inheritdoc/>
    public Task FreezeAsync() => AskAsync("freeze");

    /// <inheritdoc/>
    public Task ThawAsync() => AskAsync("thaw");

    /// <inheritdoc/>
    public GatewayClient NewClient(GatewayClientOptions options)
    {
        options.Address = _address;
        return new GatewayClient(options);
    }

    private static async Task AskAsync(string what)
    {
        Console.WriteLine($"please {what}");
        Conductor.Same(await Console.In.ReadLineAsync().ConfigureAwait(false), "done", "the answer");
    }
}
