using Gateway.Client;

namespace Gateway.Cli.Demo;

/// <summary>Asks a gateway for its status again and again, and notes each change of its links in the journal.</summary>
internal sealed class StatusWatch(string name, string address, DemoJournal journal, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, string> _links = [];
    private volatile GatewayStatus? _latest;

    public string Name => name;

    /// <summary>The last answer; null while the gateway does not answer.</summary>
    public GatewayStatus? Latest => _latest;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var options = new GatewayClientOptions
        { Address = address, ApplicationName = "demo watch", RequestTimeout = TimeSpan.FromSeconds(1) };
        await using var client = new GatewayClient(options, time: time);
        using var tick = new PeriodicTimer(_interval, time);
        do
        {
            try
            {
                _latest = GatewayStatus.Parse(await client.GetStatusAsync(cancellationToken));
            }
            catch (GatewayException)
            {
                _latest = null;
            }

            foreach (var link in _latest?.Links ?? [])
                Note(link);
        }
        while (await tick.WaitForNextTickAsync(cancellationToken));
    }

    private void Note(GatewayStatus.Link link)
    {
        var state = link.Describe();
        if (_links.GetValueOrDefault(link.Peer) == state)
            return;

        _links[link.Peer] = state;
        var advice = string.IsNullOrEmpty(link.Advice) ? "" : $". {link.Advice}";
        journal.Note($"link {name} → {link.Peer}: {state}{advice}");
    }
}
