using System.Collections.Concurrent;
using Gateway.Cli.Api;

namespace Gateway.Tests.Crash;

/// <summary>The events about links that a running gateway tells from now on, kept by the test while it watches.</summary>
internal sealed class LinkEvents : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _texts = [];
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watching;

    private LinkEvents(TestGateway gateway) => _watching = WatchAsync(gateway);

    public IReadOnlyCollection<string> Texts => _texts;

    /// <summary>Returns when the gateway has begun to tell.</summary>
    public static async Task<LinkEvents> OfAsync(TestGateway gateway)
    {
        var events = new LinkEvents(gateway);
        await (await Task.WhenAny(events._begun.Task, events._watching));
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task WatchAsync(TestGateway gateway)
    {
        using var http = ApiClient.HttpTo(new Uri(gateway.Api));
        await foreach (var item in new ApiClient(http, TimeSpan.FromSeconds(60), TimeProvider.System).WatchAsync(_over.Token))
        {
            _begun.TrySetResult();
            if (item.EventType == "link") _texts.Enqueue(item.Data.Text);
        }
    }
}
