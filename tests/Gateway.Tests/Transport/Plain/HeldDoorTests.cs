using System.Net.Sockets;
using System.Text;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Plain;

/// <summary>An inlet's listener while an operator has paused the inlet.</summary>
public sealed class HeldDoorTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task AHeldDoor_AcceptsNobody_AndAllWhoHaveConnected_OnceItIsLetGo()
    {
        await using var heard = new HeardPrograms(isHeld: true);
        using var first = await ConnectAsync(heard);
        using var second = await ConnectAsync(heard);
        await SendAsync(first, "one\n");
        await SendAsync(second, "two\n");
        await LetTimePassAsync();
        heard.Do(() => heard.All.ShouldBeEmpty());

        heard.Do(heard.Opening.Door!.LetGo);

        await heard.UntilAsync(all => all.All.Count == 2 && all.All.TrueForAll(program => program.Frames.Length > 0));
        heard.All.Select(program => program.Frames).Order().ShouldBe(["one\n|", "two\n|"]);
    }

    [Fact]
    public async Task ADoorThatIsHeldLater_AcceptsNobodyFromThenOn()
    {
        await using var heard = new HeardPrograms();
        using var first = await ConnectAsync(heard);
        await heard.UntilAsync(all => all.All.Count == 1);
        heard.Do(heard.Opening.Door!.Hold);
        using var second = await ConnectAsync(heard);
        using var third = await ConnectAsync(heard);
        await SendAsync(second, "two\n");
        await LetTimePassAsync();
        heard.Do(() => heard.All.Count.ShouldBe(1));

        heard.Do(heard.Opening.Door!.LetGo);

        await heard.UntilAsync(all => all.All.Count == 3);
    }

    [Fact]
    public async Task AHeldConnection_IsNotRead_UntilItIsLetGo()
    {
        await using var heard = new HeardPrograms();
        using var socket = await ConnectAsync(heard);
        await SendAsync(socket, "one\n");
        await heard.UntilAsync(all => all.All is [{ Frames: "one\n|" }]);
        heard.Do(heard.All[0].Connection.Hold);

        await SendAsync(socket, "two\n");
        await LetTimePassAsync();
        heard.Do(() => heard.All[0].Frames.ShouldBe("one\n|"));

        heard.Do(heard.All[0].Connection.LetGo);
        await heard.UntilAsync(all => all.All is [{ Frames: "one\n|two\n|" }]);
    }

    [Fact]
    public async Task WhatHasArrivedAtAHeldConnection_IsReadWhenItStops()
    {
        await using var heard = new HeardPrograms();
        using var socket = await ConnectAsync(heard);
        await heard.UntilAsync(all => all.All.Count == 1);
        heard.Do(heard.All[0].Connection.Hold);
        await SendAsync(socket, "one\n");

        heard.Do(heard.All[0].Connection.StopReading);

        await heard.UntilAsync(all => all.All is [{ Frames: "one\n|", End: not null }]);
    }

    [Fact]
    public async Task AHeldDoorThatCloses_LetsInWhoHasConnected()
    {
        await using var heard = new HeardPrograms();
        heard.Do(heard.Opening.Door!.Hold);
        using var first = await ConnectAsync(heard);
        using var second = await ConnectAsync(heard);

        heard.Do(heard.Opening.Door!.Close);

        await heard.UntilAsync(all => all.IsClosed && all.All.Count == 2);
    }

    /// <summary>Another inlet takes many frames, each after the other: one that was not held would have read meanwhile.</summary>
    private static async Task LetTimePassAsync()
    {
        await using var other = new HeardPrograms();
        using var socket = await ConnectAsync(other);
        for (var frames = 1; frames <= 50; frames++)
        {
            await SendAsync(socket, "frame\n");
            await other.UntilAsync(all => all.All is [{ } one] && one.Count >= frames);
        }
    }

    private static async Task<Socket> ConnectAsync(HeardPrograms heard)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(heard.End);
        return socket;
    }

    private static async Task SendAsync(Socket socket, string text) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text)).WaitAsync(_patience);
}
