using System.Net.Sockets;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Inlets;
using Gateway.Transport.Plain;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Plain;

/// <summary>Large frames that are begun and not finished, while others need the memory.</summary>
public sealed class LargeFrameTests
{
    private const int FrameBytes = 1024 * 1024;

    /// <summary>Of these, more than the reader takes without asking for memory.</summary>
    private const int BegunBytes = 100_000;

    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(5);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task HostilePrograms_ThatBeginFramesAndSendNothingMore_LoseThem_AndTheOthersGoOn()
    {
        const int Hostile = 20;
        await using var heard = NewInlet(frames: 4);
        var hostile = new List<Socket>();
        for (var i = 0; i < Hostile; i++) hostile.Add(await BeginAsync(heard));
        await HeardAsync(heard, all => all.All.Count == Hostile && all.All.Count(one => one.Connection.Arrived == BegunBytes) >= 4);
        using var honest = await ConnectAsync(heard);
        var sending = SendAsync(honest, FrameBytes);

        await PassAsync(heard, all => all.All[^1] is { Count: 1, Bytes: FrameBytes });

        await sending;
        heard.Do(() =>
        {
            var ended = heard.All.Where(one => one.End is not null).ToList();
            ended.Count.ShouldBeGreaterThanOrEqualTo(4);
            ended.ShouldAllBe(one => one.End!.Kind == InputEndKind.Stalled && one.End.Piece.Length == BegunBytes);
            ended[0].End!.Evidence.ShouldStartWith("the program has sent less than 8.2 kB of a frame of more than 65.5 kB in 30 s");
        });
        foreach (var socket in hostile) socket.Dispose();
    }

    [Fact]
    public async Task ASlowLine_KeepsItsFrame_WhileOthersWait()
    {
        await using var heard = NewInlet(frames: 1);
        using var slow = await BeginAsync(heard);
        await HeardAsync(heard, all => all.All is [{ Connection.Arrived: BegunBytes }]);
        using var waiting = await BeginAsync(heard);
        await HeardAsync(heard, all => all.All.Count == 2 && all.Memory.IsWanted);

        // 2 kB a second, for two minutes.
        for (var second = 1; second <= 120; second++)
        {
            await SendAsync(slow, 2000);
            var upTo = BegunBytes + (2000 * second);
            await HeardAsync(heard, all => all.All[0] is { End: not null } || all.All[0].Connection.Arrived == upTo);
            heard.Do(() => heard.All[0].End.ShouldBeNull());
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task WithoutAnybodyWhoWaits_AFrameHasAllTheTimeItNeeds()
    {
        await using var heard = NewInlet(frames: 2);
        using var one = await BeginAsync(heard);
        await HeardAsync(heard, all => all.All is [{ Connection.Arrived: BegunBytes }]);

        _time.Advance(TimeSpan.FromHours(10));
        await SendAsync(one, FrameBytes - BegunBytes);

        await HeardAsync(heard, all => all.All[0] is { Count: 1, End: null });
    }

    private HeardPrograms NewInlet(int frames) => new(
        HeardPrograms.Settings(new FrameFormat.FixedSize(FrameBytes)), _time, memoryBytes: frames * FrameBytes);

    /// <summary>Lets time pass until it is heard.</summary>
    private async Task PassAsync(HeardPrograms heard, Func<HeardPrograms, bool> condition)
    {
        // Each round of frames that are given up takes the patience and a moment.
        var left = 10 * (int)(FramePace.Patience + TimeSpan.FromSeconds(2)).TotalSeconds;
        await HeardAsync(heard, condition, () =>
        {
            (left--).ShouldBeGreaterThan(0, "the frame has not come in time");
            _time.Advance(TimeSpan.FromSeconds(1));
        });
    }

    private static async Task HeardAsync(HeardPrograms heard, Func<HeardPrograms, bool> condition, Action? meanwhile = null)
    {
        var isHeard = false;
        while (!isHeard)
        {
            heard.Do(() => isHeard = condition(heard));
            if (isHeard) return;
            meanwhile?.Invoke();
            await Task.Delay(_again);
        }
    }

    private static async Task<Socket> BeginAsync(HeardPrograms heard)
    {
        var socket = await ConnectAsync(heard);
        await SendAsync(socket, BegunBytes);
        return socket;
    }

    private static async Task<Socket> ConnectAsync(HeardPrograms heard)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(heard.End);
        return socket;
    }

    private static async Task SendAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent));
    }
}
