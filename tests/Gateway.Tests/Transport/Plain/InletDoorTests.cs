using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Inlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Plain;

/// <summary>An inlet's listener, and programs of this process that do what programs do.</summary>
public sealed class InletDoorTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Frames_AreCut_AndTheRestIsThePieceAtTheEnd()
    {
        await using var heard = new HeardPrograms();
        using var socket = await ConnectAsync(heard);
        await SendAsync(socket, "one\ntw");
        await heard.UntilAsync(all => all.All is [{ Frames: "one\n|" }]);
        await SendAsync(socket, "o\nthree\npie");
        socket.Shutdown(SocketShutdown.Send);

        await heard.UntilAsync(all => all.All[0].End is not null);

        var program = heard.All[0];
        (program.Frames, program.End!.Kind, program.Piece).ShouldBe(("one\n|two\n|three\n|", InputEndKind.Finished, "pie"));
        program.Remote.ShouldBe($"127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");
        program.Connection.Arrived.ShouldBe(17);
        program.Lost.ShouldBeNull();
    }

    [Fact]
    public async Task AReset_EndsTheInput_WithItsPiece_AndTheConnection()
    {
        await using var heard = new HeardPrograms();
        var socket = await ConnectAsync(heard);
        await SendAsync(socket, "one\npie");
        await heard.UntilAsync(all => all.All is [{ Frames: "one\n|", Connection.Arrived: 7 }]);

        socket.Close(timeout: 0);
        await heard.UntilAsync(all => all.All[0].Lost is not null);

        (heard.All[0].End!.Kind, heard.All[0].Piece).ShouldBe((InputEndKind.Broken, "pie"));
    }

    [Fact]
    public async Task WhatIsNoFrame_IsToldWithItsPlaceAndFirstBytes()
    {
        await using var heard = new HeardPrograms(HeardPrograms.Settings(new FrameFormat.OctetCounted(1024)));
        using var socket = await ConnectAsync(heard);
        await SendAsync(socket, "3 oneGET / HTTP/1.1");

        await heard.UntilAsync(all => all.All is [{ End: not null }]);

        heard.All[0].Frames.ShouldBe("3 one|");
        heard.All[0].End!.Kind.ShouldBe(InputEndKind.NotAFrame);
        heard.All[0].End!.Evidence.ShouldStartWith("no frame begins at byte 5 (47 45 54 20");
    }

    [Fact]
    public async Task AProgramIsHeldBack_WhileItsFramesAreNotDealtWith()
    {
        const int All = 64 * 1024 * 1024;
        await using var heard = new HeardPrograms(HeardPrograms.Settings(new FrameFormat.Stream()));
        using var socket = await ConnectAsync(heard);
        var sending = Task.Run(() => socket.SendAsync(new byte[All]));
        await heard.UntilAsync(all => all.All is [{ Bytes: >= 256 * 1024 }]);
        heard.Do(() => heard.All[0].Bytes.ShouldBeLessThan(512 * 1024));
        sending.IsCompleted.ShouldBeFalse();

        for (var taken = 0L; taken < All;)
        {
            await heard.UntilAsync(all => all.All[0].Bytes > 0);
            heard.Do(() =>
            {
                taken += heard.All[0].Bytes;
                heard.All[0].TakeAll();
            });
        }

        (await sending).ShouldBe(All);
    }

    [Fact]
    public async Task ManyTinyFrames_CountForWhatTheyTakeInMemory()
    {
        await using var heard = new HeardPrograms();
        using var socket = await ConnectAsync(heard);
        _ = Task.Run(() => socket.SendAsync(Enumerable.Repeat((byte)'\n', 1024 * 1024).ToArray()));

        await heard.UntilAsync(all => all.All is [{ Count: >= 4096 }]);

        // One read more at most.
        heard.Do(() => heard.All[0].Count.ShouldBeLessThan(4096 + (64 * 1024) + 1));
    }

    [Fact]
    public async Task WhatIsWritten_Arrives_IsAcknowledged_AndEndsWithAnOrderlyEnd()
    {
        await using var heard = new HeardPrograms();
        using var socket = await ConnectAsync(heard);
        await heard.UntilAsync(all => all.All.Count == 1);
        var large = new string('x', 300_000);
        heard.Do(() =>
        {
            heard.All[0].Connection.Write("one"u8.ToArray());
            heard.All[0].Connection.Write(Encoding.UTF8.GetBytes(large));
        });
        (await ReadAsync(socket, 300_003)).ShouldBe("one" + large);
        await heard.UntilAsync(all => all.All[0] is { Written: 300_003, Acknowledged: 300_003 });

        heard.Do(heard.All[0].Connection.Finish);
        (await socket.ReceiveAsync(new byte[1])).ShouldBe(0);
        await SendAsync(socket, "still heard\n");
        await heard.UntilAsync(all => all.All[0].Frames == "still heard\n|");
    }

    [Fact]
    public async Task AProgramThatReadsNothing_HasNothingAcknowledgedAnyMore()
    {
        const int All = 64 * 1024 * 1024;
        await using var heard = new HeardPrograms();
        using var socket = await ConnectAsync(heard);
        await heard.UntilAsync(all => all.All.Count == 1);
        heard.Do(() => heard.All[0].Connection.Write(new byte[All]));
        await heard.UntilAsync(all => all.All[0].Acknowledged > 0);
        heard.Do(() => heard.All[0].Acknowledged.ShouldBeLessThan(All));
    }

    [Fact]
    [NotUnderWine("Wine ends a connection in order that is to be reset")]
    public async Task HungUpByAReset_TheProgramSeesIt()
    {
        const int All = 64 * 1024 * 1024;
        await using var heard = new HeardPrograms();
        using var socket = await ConnectAsync(heard);
        await heard.UntilAsync(all => all.All.Count == 1);
        heard.Do(() => heard.All[0].Connection.Write(new byte[All]));

        heard.Do(() => heard.All[0].Connection.HangUp(isReset: true));

        await Should.ThrowAsync<SocketException>(() => ReadAsync(socket, All));
    }

    [Fact]
    public async Task HungUpInOrder_WhatWasWritten_StillArrives_ThoughTheProgramSendsAllTheTime()
    {
        await using var heard = new HeardPrograms();
        using var socket = await ConnectAsync(heard);
        await heard.UntilAsync(all => all.All.Count == 1);
        await SendAsync(socket, new string('x', 100_000));
        var large = new string('y', 1_000_000);
        heard.Do(() =>
        {
            heard.All[0].Connection.StopReading();
            heard.All[0].Connection.Write(Encoding.UTF8.GetBytes(large));
            heard.All[0].Connection.HangUp(isReset: false);
        });
        await SendAsync(socket, new string('x', 100_000));

        (await ReadAsync(socket, large.Length)).ShouldBe(large);
        (await socket.ReceiveAsync(new byte[1])).ShouldBe(0);
    }

    [Fact]
    public async Task StopReading_StillReadsWhatHasArrived()
    {
        await using var heard = new HeardPrograms();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var sent = new ManualResetEventSlim();
        heard.OnAccepted = program =>
        {
            // The loop is late.
            sent.Wait(_patience).ShouldBeTrue();
            program.Connection.StopReading();
        };
        await socket.ConnectAsync(heard.End, TestContext.Current.CancellationToken);
        await SendAsync(socket, "one\ntwo\npie");
        sent.Set();

        await heard.UntilAsync(all => all.All is [{ End: not null }]);

        (heard.All[0].Frames, heard.All[0].End!.Kind, heard.All[0].Piece).ShouldBe(("one\n|two\n|", InputEndKind.Stopped, "pie"));
    }

    [Fact]
    public async Task AProgramThatDies_AfterItsLastByte_IsMissed_ThoughNothingIsReadAnyMore()
    {
        await using var heard = new HeardPrograms();
        var socket = await ConnectAsync(heard);
        socket.Shutdown(SocketShutdown.Send);
        await heard.UntilAsync(all => all.All is [{ End: not null }]);

        socket.Close(timeout: 0);

        await heard.UntilAsync(all => all.All[0].Lost is not null);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(10, 1)]
    public async Task WithoutAPlace_AConnectionIsClosedOnArrival_UntilAnotherLeaves(int connectionsMax, int perAddressMax)
    {
        var settings = HeardPrograms.Settings() with { ConnectionsMax = connectionsMax, ConnectionsPerAddressMax = perAddressMax };
        await using var heard = new HeardPrograms(settings);
        var first = await ConnectAsync(heard);
        await heard.UntilAsync(all => all.All.Count == 1);
        await TryAsync(heard);
        heard.All.Count.ShouldBe(1);
        heard.Refused.ShouldBe(1);

        first.Close(timeout: 0);
        await heard.UntilAsync(all => all.All[0].Lost is not null);
        // The place is free a moment after the loop has heard.
        while (heard.All.Count == 1) await TryAsync(heard);
    }

    [Fact]
    public async Task AClosedDoor_IsAFreeAddress_AndItsConnectionsGoOn()
    {
        await using var heard = new HeardPrograms();
        using var socket = await ConnectAsync(heard);
        await heard.UntilAsync(all => all.All.Count == 1);

        heard.Opening.Door!.Close();
        heard.Open(HeardPrograms.Settings(port: heard.End.Port)).Door.ShouldNotBeNull();
        await SendAsync(socket, "on\n");

        await heard.UntilAsync(all => all.All[0].Frames == "on\n|");
    }

    [Fact]
    public async Task WhoHasConnected_IsLetIn_BeforeTheDoorIsClosed()
    {
        const int Programs = 40;
        await using var heard = new HeardPrograms();
        var sockets = new List<Socket>();
        try
        {
            // As if the loop did something else: connections wait to be heard of.
            heard.Do(() =>
            {
                for (var program = 0; program < Programs; program++)
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    sockets.Add(socket);
                    socket.Connect(heard.End);
                    socket.Send("on\n"u8);
                }

                heard.Opening.Door!.Close();
                heard.IsClosed.ShouldBeFalse();
            });

            await heard.UntilAsync(all => all.IsClosed);
            heard.All.Count.ShouldBe(Programs);
            await heard.UntilAsync(all => all.All.TrueForAll(program => program.Frames == "on\n|"));
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    [Fact]
    public async Task ATakenAddress_IsTold()
    {
        await using var heard = new HeardPrograms();

        var opening = heard.Open(HeardPrograms.Settings(port: heard.End.Port));

        opening.Door.ShouldBeNull();
        opening.Evidence.ShouldContain($"tcp://127.0.0.1:{heard.End.Port}: ");
    }

    private static async Task<Socket> ConnectAsync(HeardPrograms heard)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(heard.End);
        return socket;
    }

    /// <summary>Connects, and waits until the inlet has admitted or refused it.</summary>
    private static async Task TryAsync(HeardPrograms heard)
    {
        var (refused, admitted) = (heard.Refused, heard.All.Count);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(heard.End);
        }
        catch (SocketException)
        {
            // Closed so soon.
        }

        await heard.UntilAsync(all => all.Refused > refused || all.All.Count > admitted);
    }

    private static async Task SendAsync(Socket socket, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent));
    }

    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        using var limit = new CancellationTokenSource(_patience);
        for (var read = 0; read < count;)
        {
            var got = await socket.ReceiveAsync(bytes.AsMemory(read), limit.Token);
            got.ShouldNotBe(0);
            read += got;
        }

        return Encoding.UTF8.GetString(bytes);
    }
}
