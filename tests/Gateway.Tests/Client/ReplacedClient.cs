using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gateway.Client;

namespace Gateway.Tests.Client;

/// <summary>A client as the tests of an application derive it: gives out messages, and remembers what is enqueued.</summary>
internal sealed class ReplacedClient(params ReceivedMessage[] messages) : GatewayClient
{
    public ConcurrentQueue<(string Destination, byte[] Body, EnqueueOptions? Options)> Enqueued { get; } = new();

    public override ValueTask<EnqueueReceipt> EnqueueAsync(
        string destination, ReadOnlyMemory<byte> body, EnqueueOptions? options = null, CancellationToken cancellationToken = default)
    {
        Enqueued.Enqueue((destination, body.ToArray(), options));
        return new(new EnqueueReceipt(options?.MessageId ?? MessageId.New(DateTimeOffset.UnixEpoch)));
    }

    public override async IAsyncEnumerable<ReceivedMessage> ReceiveAsync(
        string queue, ReceiveOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var message in messages)
            yield return message;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public void Tell(PeerInfo peer) => OnPeerStateChanged(new PeerStateChangedEventArgs(peer));
}
