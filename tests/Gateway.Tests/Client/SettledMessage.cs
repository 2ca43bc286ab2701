using Gateway.Client;

namespace Gateway.Tests.Client;

/// <summary>A message as the tests of an application derive it: remembers how it was settled.</summary>
internal sealed class SettledMessage(string body) : ReceivedMessage
{
    private readonly TaskCompletionSource<string> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<string> Settled => _settled.Task;

    public override ReadOnlyMemory<byte> Body { get; } = System.Text.Encoding.UTF8.GetBytes(body);

    public override ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        _settled.SetResult("complete");
        return base.CompleteAsync(cancellationToken);
    }

    public override ValueTask RejectAsync(string reason, CancellationToken cancellationToken = default)
    {
        _settled.SetResult($"reject: {reason}");
        return base.RejectAsync(reason, cancellationToken);
    }
}
