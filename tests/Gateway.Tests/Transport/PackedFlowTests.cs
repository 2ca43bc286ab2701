using System.Buffers;
using System.IO.Pipelines;
using Gateway.Tests.Transport.Zmtp;
using Gateway.Transport;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>How much of one connection may wait for the loop.</summary>
public sealed class PackedFlowTests
{
    private const int MessageBytes = 1024 * 1024;

    private static readonly byte[] _message = ZmtpBytes.Frame(0, new byte[MessageBytes]);

    private readonly PipeWriter _to = PipeWriter.Create(Stream.Null);
    private readonly PackedFlow _flow = new(messageBytesMax: MessageBytes);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatTheLoopDoesNotTake_HoldsTheConnectionBack_UntilItDoes()
    {
        var passed = 0;
        for (; _flow.HasRoom; passed++) await PassAsync();

        passed.ShouldBeInRange(32, 34);
        var room = _flow.AwaitRoomAsync(Cancel).AsTask();
        room.IsCompleted.ShouldBeFalse();

        _flow.OnTaken(_message.Length);
        _flow.OnTaken(_message.Length);
        await room;
        _flow.HasRoom.ShouldBeTrue();
    }

    [Fact]
    public async Task WhatTheLoopTakes_HoldsNothingBack()
    {
        for (var i = 0; i < 200; i++)
        {
            await PassAsync();
            _flow.OnTaken(_message.Length);
            await _flow.AwaitRoomAsync(Cancel);
        }

        _flow.HasRoom.ShouldBeTrue();
    }

    private async Task PassAsync()
    {
        _flow.Pass(new ReadOnlySequence<byte>(_message), isInward: true, _to);
        await _to.FlushAsync(Cancel);
    }
}
