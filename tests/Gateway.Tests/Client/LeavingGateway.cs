using System.Net;
using System.Net.Sockets;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Tests.Transport;
using Shouldly;

namespace Gateway.Tests.Client;

/// <summary>A gateway of one connection, that answers and leaves while its client is held up by a handler of the application.</summary>
internal sealed class LeavingGateway : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ManualResetEventSlim _free = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<byte[][]> _unread = [];
    private readonly CancellationToken _cancellationToken;
    private RawPeer? _connection;

    private LeavingGateway(CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _listener.Start();
        Client = new GatewayClient(new GatewayClientOptions
        {
            Address = $"tcp://{_listener.LocalEndpoint}",
            ApplicationName = "test",
            RequestTimeout = TimeSpan.FromSeconds(10),
        });
        // Handlers run on the client's thread.
        Client.PeerStateChanged += (_, _) =>
        {
            _held.TrySetResult();
            _free.Wait(cancellationToken);
        };
    }

    public GatewayClient Client { get; }

    /// <summary>With its client connected.</summary>
    public static async Task<LeavingGateway> StartAsync(CancellationToken cancellationToken)
    {
        var gateway = new LeavingGateway(cancellationToken);
        gateway._connection = await RawPeer.AcceptReadyAsync(gateway._listener, cancellationToken);
        await gateway.NextAsync<Request.Hello>();
        await gateway.SendAsync(new Reply.Welcome("1", "fake", new string('0', 32), new WireLimits()));
        return gateway;
    }

    /// <summary>The next request of a kind; others are passed over.</summary>
    public async Task<T> NextAsync<T>()
        where T : Request
    {
        while (true)
        {
            while (_unread.TryDequeue(out var frames))
            {
                RequestCodec.TryDecode(frames, out var request, out _).ShouldBeTrue();
                if (request is T wanted) return wanted;
            }

            var arrived = await _connection!.ReceiveMessageAsync();
            if (PackedMessages.IsPacked(arrived)) Unpack(arrived[1]);
            else _unread.Enqueue([.. arrived]);
        }
    }

    public async Task SendAsync(params Reply[] replies)
    {
        byte[] messages = [.. replies.Select(ReplyCodec.Encode).SelectMany(frames =>
        {
            var bytes = new byte[PackedMessages.SizeBytes(frames)];
            PackedMessages.Write(frames, bytes);
            return bytes;
        })];
        var head = new byte[PackedMessages.HeadBytesMax];
        await _connection!.SendAsync([.. head[..PackedMessages.WriteHead(head, messages.Length)], .. messages]);
    }

    /// <summary>The client is held up from before the answers until its socket has seen the end.</summary>
    public async Task AnswerAndGoAsync(params Reply[] answers)
    {
        await SendAsync(new Reply.Peer("billing", "down", "Refused", "nothing listens"));
        await _held.Task.WaitAsync(_cancellationToken);
        _listener.Stop();
        await SendAsync(answers);
        _connection!.Finish();
        await _connection.EndAsync();
        _free.Set();
    }

    public async ValueTask DisposeAsync()
    {
        _free.Set();
        await Client.DisposeAsync();
        _connection?.Dispose();
        _listener.Dispose();
        _free.Dispose();
    }

    private void Unpack(byte[] packed)
    {
        for (var messages = new PackedMessages(packed); messages.TryNext(out var next);) _unread.Enqueue([.. next]);
    }
}
