using Gateway.Tests.Transport.Zmtp;
using NetMQ;
using NetMQ.Sockets;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Transport;

/// <summary>Connections that bring thousands of requests in one frame, and those beside them.</summary>
public sealed class ConnectionFairnessTests
{
    [Fact]
    public async Task AConnectionThatSendsThousandsPackedInOne_LetsTheOthersComeInBetween_AndLosesNoneOfThem()
    {
        const int frames = 20;
        const int each = 10_000;
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        using var many = new DealerSocket(echo.Address);
        using var one = new DealerSocket(echo.Address);
        one.SendFrame("hello");
        await UntilAsync("they have arrived", () => echo.Received.Count == 1);
        byte[] packed = [.. Enumerable.Repeat(ZmtpBytes.Message("x"), each).SelectMany(message => message)];

        for (var i = 0; i < frames; i++) many.SendMoreFrame("PACKED").SendFrame(packed);
        await UntilAsync("they have arrived", () => echo.Received.Count > 1);
        one.SendFrame("me");
        await UntilAsync("they have arrived", () => echo.Received.Count == (frames * each) + 2);

        var received = echo.Received.Skip(1).ToList();
        received.FindIndex(message => message.Frames[0].SequenceEqual("me"u8.ToArray())).ShouldBeLessThan(received.Count - each);
    }

    [Fact]
    public async Task TheEndOfAConnection_ComesBehindAllThatItBrought()
    {
        const int each = 10_000;
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        byte[] packed = [.. Enumerable.Repeat(ZmtpBytes.Message("x"), each).SelectMany(message => message)];
        using var many = await RawPeer.ConnectReadyAsync(echo.EndPoint, TestContext.Current.CancellationToken);
        for (var i = 0; i < 5; i++) await many.SendAsync([.. ZmtpBytes.Frame(1, "PACKED"u8.ToArray()), .. ZmtpBytes.Frame(0, packed)]);
        many.Finish();

        await UntilAsync("they are lost", () => !echo.Lost.IsEmpty);

        echo.Received.Count.ShouldBe(5 * each);
    }
}
