using Gateway.Transport;
using Gateway.Transport.Dialing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Dialing;

/// <summary>A socket of a link that never came up: nobody waits for the thread of the sockets, which is not even started here.</summary>
public sealed class LinkSocketTests : IDisposable
{
    private readonly InnerDoor _door = new(new FrontDoorCounters(), TimeProvider.System);
    private readonly LinkSockets _sockets;
    private readonly LinkSocket _socket;

    public LinkSocketTests()
    {
        _sockets = new LinkSockets(_door);
        _socket = new LinkSocket(_sockets, new TakenAtOnce(_sockets));
    }

    public void Dispose()
    {
        _sockets.Dispose();
        _door.Dispose();
    }

    [Fact]
    public void ASocketThatWasNeverOpened_IsFinishedAtOnce()
    {
        var isDone = false;

        _socket.Finish(() => isDone = true);

        isDone.ShouldBeTrue();
    }

    [Fact]
    public async Task ASocketThatWasClosedBefore_IsNotOpened()
    {
        _socket.Close(TimeSpan.Zero);

        await Should.ThrowAsync<OperationCanceledException>(() => _socket.OpenAsync(TestContext.Current.CancellationToken));
        var isDone = false;
        _socket.Finish(() => isDone = true);
        isDone.ShouldBeTrue();
    }
}
