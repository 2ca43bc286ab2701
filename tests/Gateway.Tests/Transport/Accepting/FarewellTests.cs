using Gateway.Tests.Transport.Zmtp;
using Gateway.Transport;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Transport.Accepting;

/// <summary>
/// The last answers of a connection that the gateway ends. A close with unread input resets the connection, and the other side can lose
/// answers that it has not read yet.
/// </summary>
public sealed class FarewellTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Larger than a stranger's message may be, so that most of it is unread when the fault is found.</summary>
    private static byte[] TooLarge => [.. ZmtpBytes.LongHeader(2, 500_000), .. new byte[500_000]];

    [Fact]
    public async Task AMessage_FollowedAtOnceByAFrameThatIsTooLarge_IsAnswered_AndTheConnectionClosedNotReset()
    {
        await using var echo = await EchoDoor.OpenAsync();
        echo.Knows = _ => false;
        using var stranger = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);

        await stranger.SendAsync([.. ZmtpBytes.Message("guess"), .. TooLarge]);
        await UntilAsync("it is lost", () => !echo.Lost.IsEmpty);

        (await stranger.ReceiveMessageAsync()).ShouldHaveSingleItem().ShouldBe("guess"u8.ToArray());
        (await stranger.EndAsync()).ShouldBeTrue();
        echo.Count(ConnectionFault.FrameTooLarge).ShouldBe(1);
    }

    [Fact]
    public async Task ARefusedHello_IsAnswered_ThoughTheAnswerIsDelayedAndAFrameThatIsTooLargeFollowsAtOnce()
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        (echo.Knows, echo.Refuses) = (_ => false, _ => true);
        using var stranger = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await stranger.SendAsync([.. ZmtpBytes.Message("guess"), .. TooLarge]);
        await UntilAsync("the hello has arrived", () => !echo.Received.IsEmpty);

        echo.Send(echo.Received.Single().Connection, "no"u8.ToArray());

        (await stranger.ReceiveMessageAsync()).ShouldHaveSingleItem().ShouldBe("no"u8.ToArray());
        (await stranger.EndAsync()).ShouldBeTrue();
        echo.Count(ConnectionFault.FrameTooLarge).ShouldBe(1);
    }

    [Fact]
    public async Task ARefusedHello_ThatIsNeverAnswered_EndsWithItsTime()
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        (echo.Knows, echo.Refuses) = (_ => false, _ => true);
        using var stranger = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);

        await stranger.SendAsync([.. ZmtpBytes.Message("guess"), .. TooLarge]);

        (await stranger.EndAsync()).ShouldBeTrue();
        await UntilAsync("it is lost", () => !echo.Lost.IsEmpty);
    }

    [Fact]
    public async Task AStrangerThatKeepsSending_IsCut()
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        using var stranger = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);

        var sent = 0L;
        for (var more = TooLarge; await stranger.TrySendAsync(more); sent += more.Length)
        {
            // Until it is cut.
        }

        sent.ShouldBeLessThan(64_000_000, "no more is discarded than a message of the largest size and the buffers of the system hold");
        echo.Log.Lines.ShouldHaveSingleItem().ShouldContain($": {ConnectionFault.FrameTooLarge}.");
    }

    [Fact]
    public async Task AConnectionThatNeitherSendsNorCloses_IsCut()
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        using var stranger = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);

        await stranger.SendAsync([4, 0]);
        (await stranger.EndAsync()).ShouldBeTrue();

        await UntilAsync("a send fails", async () => !await stranger.TrySendAsync([0]));
    }

    [Fact]
    public async Task AConnectionThatIsBeingClosed_MakesRoom_AlsoIfItHasIdentifiedItself()
    {
        await using var echo = await EchoDoor.OpenAsync(EchoDoor.Defaults with { ConnectionsMax = 1 });
        using var known = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await known.SendAsync(ZmtpBytes.Message("hello"));
        (await known.ReceiveMessageAsync()).Count.ShouldBe(1);
        await known.SendAsync([4, 0]);
        (await known.EndAsync()).ShouldBeTrue();

        using var next = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);

        await next.SendAsync(ZmtpBytes.Message("hello"));
        (await next.ReceiveMessageAsync()).Count.ShouldBe(1);
        echo.Log.Lines.ShouldHaveSingleItem().ShouldContain($": {ConnectionFault.MalformedCommand}.");
        echo.Count(ConnectionFault.MadeRoom).ShouldBe(0);
    }
}
