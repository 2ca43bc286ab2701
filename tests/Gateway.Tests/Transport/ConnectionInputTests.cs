using System.Text;
using Gateway.Tests.Transport.Zmtp;
using Gateway.Transport;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class ConnectionInputTests
{
    private readonly ConnectionInput _input = new();

    [Fact]
    public void WhatWasAdded_ComesInOrder_AndCountsWhenItsFrameIsDone()
    {
        _input.Add(Bytes(ZmtpBytes.Message("a"), ZmtpBytes.Message("b", "c")), frameBytes: 100);
        _input.Add(Bytes(ZmtpBytes.Message("d")), frameBytes: 10);

        Next().ShouldBe("a");
        _input.TakeDone().ShouldBe(0);
        Next().ShouldBe("b+c");
        Next().ShouldBe("d");
        _input.TakeDone().ShouldBe(100);
        Next().ShouldBeNull();
        _input.TakeDone().ShouldBe(10);
        _input.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void AnOpenPacked_ComesBeforeTheRestOfItsFrame()
    {
        _input.Open(Bytes(ZmtpBytes.Message("a"), ZmtpBytes.Message("b")));
        _input.Add(Bytes(ZmtpBytes.Message("c")), frameBytes: 10);

        new[] { Next(), Next(), Next(), Next() }.ShouldBe(["a", "b", "c", null]);
        _input.IsPacked.ShouldBeTrue();
    }

    [Fact]
    public void APacked_ThatWaits_IsTakenMessageByMessage_AndOneInItIsNot()
    {
        var inner = Bytes(ZmtpBytes.Message("a"), Packed(ZmtpBytes.Message("b")));
        _input.Add(Bytes(Packed(inner), ZmtpBytes.Message("c")), frameBytes: 10);

        new[] { Next(), Next()?[..7], Next(), Next() }.ShouldBe(["a", "PACKED+", "c", null]);
    }

    [Fact]
    public void WhatIsNoWholeMessage_InAPacked_IsGivenAsOneWithoutFrames()
    {
        _input.Open(Bytes(ZmtpBytes.Message("a"), [1, 200, 7]));

        new[] { Next(), Next(), Next() }.ShouldBe(["a", "", null]);
        _input.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void AnEmptyPacked_IsNothing()
    {
        _input.Open([]);
        _input.Add([], frameBytes: 10);

        Next().ShouldBeNull();
        _input.TakeDone().ShouldBe(10);
    }

    private static byte[] Packed(byte[] messages) => [.. ZmtpBytes.Frame(1, "PACKED"u8.ToArray()), .. ZmtpBytes.Frame(0, messages)];

    private static byte[] Bytes(params IEnumerable<byte>[] parts) => [.. parts.SelectMany(part => part)];

    private string? Next() => _input.TryNext(out var frames) ? string.Join('+', frames.Select(Encoding.UTF8.GetString)) : null;
}
