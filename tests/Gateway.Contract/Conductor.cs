using System.Text;
using Gateway.Client;

namespace Gateway.Contract;

/// <summary>What all clauses use: the gateway and its clients, messages as text.</summary>
internal sealed class Conductor
{
    /// <summary>A limit against hanging, not an expectation.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public Conductor(IGatewayAtHand gateway) => Gateway = gateway;

    public IGatewayAtHand Gateway { get; }

    public static CancellationToken Limit() => new CancellationTokenSource(_patience).Token;

    public static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.ToArray());

    public static void Require(bool holds, string what)
    {
        if (!holds) throw new BrokenClauseException(what);
    }

    public static void Same<T>(T value, T wanted, string what) =>
        Require(EqualityComparer<T>.Default.Equals(value, wanted), $"{what} is {value}, not {wanted}");

    /// <summary>The call fails with the reason, and says so in a text.</summary>
    public static async Task<GatewayException> FailsAsync(GatewayError reason, Func<ValueTask> call)
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (GatewayException e)
        {
            Same(e.Reason, reason, $"the reason of '{e.Message}'");
            return e;
        }

        throw new BrokenClauseException($"the call succeeded, and should have failed with {reason}");
    }

    public static async Task ThrowsAsync<T>(Func<ValueTask> call)
        where T : Exception
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (T)
        {
            return;
        }

        throw new BrokenClauseException($"the call succeeded, and should have thrown {typeof(T).Name}");
    }

    public static async Task<ReceivedMessage> NextAsync(IAsyncEnumerator<ReceivedMessage> messages)
    {
        Require(await messages.MoveNextAsync().ConfigureAwait(false), "the enumeration ended");
        return messages.Current;
    }

    /// <summary>A client whose replies go to that queue, as those of its former run did.</summary>
    public GatewayClient NewClient(string replyQueue) => Gateway.NewClient(new()
    {
        ApplicationName = "contract",
        RequestTimeout = _patience,
        ReplyQueue = replyQueue,
    });

    public GatewayClient NewClient(TimeSpan? requestTimeout = null, TimeSpan? deadAfter = null) => Gateway.NewClient(new()
    {
        ApplicationName = "contract",
        RequestTimeout = requestTimeout ?? _patience,
        DeadAfter = deadAfter ?? TimeSpan.FromSeconds(5),
    });
}
