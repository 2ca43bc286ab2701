using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Links.Protocol;
using Gateway.Tcp.Framing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Plain;

/// <summary>A connection of an outlet to programs of this process that do what programs do.</summary>
public sealed class TargetConnectionTests : IDisposable
{
    private const string Untold = "Wine does not tell what TCP has acknowledged, nor how much the other side would take";

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly int _port;

    public TargetConnectionTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(10);
        _port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Bytes_ArriveInOrder_AndAreAcknowledged()
    {
        await using var heard = HeardTarget.Dial(_port);
        using var program = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        var large = new string('x', 300_000);

        foreach (var text in new[] { "one\n", "two\n", large, "three\n" }) heard.Write(text);

        (await ReadAsync(program, 300_014)).ShouldBe($"one\ntwo\n{large}three\n");
        await heard.UntilAsync(target => target.Progress.Acknowledged == 300_014);
        heard.Progress.Written.ShouldBe(300_014);
        heard.Remote.ShouldBe($"127.0.0.1:{_port}");
    }

    [Fact]
    [NotUnderWine(Untold)]
    public async Task ProgramThatDoesNotRead_HasWhatItsHostTookAcknowledged_AndItsWindowIsSeen()
    {
        await using var heard = HeardTarget.Dial(_port);
        using var program = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        const int All = 64 * 1024 * 1024;
        for (var sent = 0; sent < All; sent += 1024 * 1024) heard.Write(new byte[1024 * 1024]);

        // Asked until nothing moves any more: how much the two hosts' buffers take is theirs.
        string? evidence = null;
        while (evidence?.Contains("its window is closed", StringComparison.Ordinal) != true)
        {
            var before = heard.Examined;
            heard.Examine();
            await heard.UntilAsync(target => target.Examined > before);
            evidence = heard.Evidence;
        }

        // To the byte: what the program's host has, and the program has not read.
        await heard.UntilAsync(target => target.Progress.Acknowledged == program.Available);
        heard.Progress.Acknowledged.ShouldBeInRange(1, All - 1);
        evidence.ShouldContain($"(pid {Environment.ProcessId}, started ");
        evidence.ShouldNotContain("no program has accepted");
        var unread = heard.Progress.Acknowledged;
        // It ends with all that unread: what was acknowledged is known to the byte.
        program.Close(0);
        await heard.UntilAsync(target => target.End is not null);
        heard.End!.Cause.ShouldBe(LinkCause.ResetByPeer);
        heard.End.Progress.Acknowledged.ShouldBe(unread);
    }

    [Fact]
    [NotUnderWine("Windows does not tell which connections a program has not accepted")]
    public async Task ConnectionThatNobodyAccepts_IsToldAsSuch()
    {
        await using var heard = HeardTarget.Dial(_port);
        await heard.UntilAsync(target => target.Remote is not null);
        heard.Write("hello\n");
        await heard.UntilAsync(target => target.Progress.Acknowledged == 6);

        heard.Examine();
        await heard.UntilAsync(target => target.Evidence is not null);

        heard.Evidence!.ShouldContain("no program has accepted the connection");
        heard.Evidence!.ShouldContain("1 connection wait");
    }

    [Fact]
    public async Task NothingListens_IsRefused()
    {
        _listener.Close();
        await using var heard = HeardTarget.Dial(_port);

        await heard.UntilAsync(target => target.End is not null);

        heard.End!.Cause.ShouldBe(LinkCause.Refused);
        heard.End.Evidence.ShouldContain($"127.0.0.1:{_port}: ");
        heard.End.Evidence.ShouldContain("refused");
    }

    [Fact]
    [NotUnderWine("Windows refuses a connection that finds the backlog full, and does not tell how many wait in it")]
    public async Task ListenerWithAFullBacklog_IsAnotherThingThanAnAbsentHost()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var port = ((IPEndPoint)full.LocalEndPoint!).Port;
        var others = new List<HeardTarget>();
        HeardTarget? refused = null;
        while (refused is null)
        {
            var heard = HeardTarget.Dial(port, timeout: TimeSpan.FromSeconds(1));
            others.Add(heard);
            await heard.UntilAsync(target => target.Remote is not null || target.End is not null);
            if (heard.End is not null) refused = heard;
        }

        refused.End!.Cause.ShouldBe(LinkCause.ConnectTimeout);
        refused.End.Evidence.ShouldContain($"(pid {Environment.ProcessId}, started ");
        refused.End.Evidence.ShouldContain("listens there and accepts nothing: ");
        foreach (var other in others) await other.DisposeAsync();
    }

    [Fact]
    public async Task ProgramThatResets_IsSeen_WithTheLastFigure()
    {
        await using var heard = HeardTarget.Dial(_port);
        using var program = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        heard.Write("one\n");
        await ReadAsync(program, 4);

        program.Close(0);

        await heard.UntilAsync(target => target.End is not null);
        heard.End!.Cause.ShouldBe(LinkCause.ResetByPeer);
        heard.End.Progress.Acknowledged.ShouldBe(4);
    }

    [Fact]
    [NotUnderWine("Wine does not tell whose a listening socket is")]
    public async Task ProgramThatListens_IsKnown_WhenItIsConnectedAndWhenItHasEnded()
    {
        await using var heard = HeardTarget.Dial(_port);
        using var program = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        await heard.UntilAsync(target => target.Remote is not null);

        program.Close(0);

        await heard.UntilAsync(target => target.End is not null);
        (heard.Program!.ProcessId, heard.End!.Program!.ProcessId).ShouldBe((Environment.ProcessId, Environment.ProcessId));
    }

    [Fact]
    public async Task ProgramThatEndsItsSide_StillGetsWhatComes()
    {
        await using var heard = HeardTarget.Dial(_port);
        using var program = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        program.Send("bye\n"u8);
        program.Shutdown(SocketShutdown.Send);
        await heard.UntilAsync(target => target.IsFinished);
        heard.Frames.ShouldBe("bye\n|");

        heard.Write("one\n");
        heard.Connection.Finish();

        (await ReadToEndAsync(program)).ShouldBe("one\n");
        heard.End.ShouldBeNull();
    }

    [Fact]
    public async Task HangUp_LetsTheRestLeave()
    {
        await using var orderly = HeardTarget.Dial(_port);
        using var first = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        await orderly.UntilAsync(target => target.Remote is not null);
        orderly.Write("one\n");
        orderly.Connection.HangUp(isReset: false);
        (await ReadToEndAsync(first)).ShouldBe("one\n");
        orderly.End.ShouldBeNull();
    }

    [Fact]
    [NotUnderWine("Wine ends a connection in order that is to be reset")]
    public async Task HangUp_ByAReset_DoesNotWait()
    {
        await using var sudden = HeardTarget.Dial(_port);
        using var second = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        await sudden.UntilAsync(target => target.Remote is not null);
        sudden.Connection.HangUp(isReset: true);

        (await Should.ThrowAsync<SocketException>(() => ReadToEndAsync(second))).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        sudden.End.ShouldBeNull();
    }

    [Fact]
    public async Task Frames_AreCutWhereverTheyAreTorn()
    {
        await using var heard = HeardTarget.Dial(_port);
        using var program = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        program.NoDelay = true;
        foreach (var part in new[] { "o", "ne\ntw", "o", "\n" }) program.Send(Encoding.UTF8.GetBytes(part));

        await heard.UntilAsync(target => target.FrameBytes == 8);

        heard.Frames.ShouldBe("one\n|two\n|");
    }

    [Fact]
    public async Task WhatIsNoFrame_EndsTheConnection_WithTheBytesInTheEvidence()
    {
        await using var heard = HeardTarget.Dial(_port, new FrameFormat.StartEnd(100, "\v"u8.ToArray(), "\x1c\r"u8.ToArray()));
        using var program = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        program.Send("\vfine\x1c\rGET /"u8);

        await heard.UntilAsync(target => target.End is not null);

        heard.Frames.ShouldBe("\vfine\x1c\r|");
        heard.End!.Cause.ShouldBe(LinkCause.WrongService);
        heard.End.Evidence.ShouldContain("47 45 54");
    }

    [Fact]
    public async Task Frames_AreReadOnlyAsFastAsTheyAreTaken()
    {
        await using var heard = HeardTarget.Dial(_port, new FrameFormat.FixedSize(1024));
        using var program = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
        const int All = 16 * 1024 * 1024;
        var sending = Task.Run(() => program.SendAsync(new byte[All]));

        // The sender is held back long before the end, and then goes on.
        await heard.UntilAsync(target => target.FrameBytes >= 256 * 1024);
        var before = heard.FrameBytes;
        before.ShouldBeLessThan(1024 * 1024);
        sending.IsCompleted.ShouldBeFalse();
        var taken = 0;
        while (taken < All)
        {
            await heard.UntilAsync(target => target.FrameBytes > taken);
            var more = (int)(heard.FrameBytes - taken);
            taken += more;
            heard.Connection.Take(more);
        }

        (await sending).ShouldBe(All);
    }

    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(at));
            read.ShouldBeGreaterThan(0);
            at += read;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = "";
        var bytes = new byte[1000];
        while (await socket.ReceiveAsync(bytes) is > 0 and var read) text += Encoding.UTF8.GetString(bytes, 0, read);
        return text;
    }
}
