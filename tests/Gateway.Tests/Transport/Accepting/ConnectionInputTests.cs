using System.Text;
using Gateway.Client.Wire;
using Gateway.Tests.Transport.Zmtp;
using Gateway.Transport.Accepting;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Accepting;

public sealed class ConnectionInputTests
{
    private readonly ConnectionInput _input = new();

    [Fact]
    public void WhatHasArrived_ComesInOrder_AndCountsWhenAllOfItIsTaken()
    {
        Add(100, ["a"], ["b", "c"]);
        Add(10, ["d"]);

        Next().ShouldBe("a");
        Next().ShouldBe("b+c");
        _input.TakeDone().ShouldBe(0);
        Next().ShouldBe("d");
        _input.TakeDone().ShouldBe(100);
        Next().ShouldBeNull();
        _input.TakeDone().ShouldBe(10);
        _input.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void APacked_IsTakenMessageByMessage_BeforeWhatFollows_AndOneInItIsNot()
    {
        Add(10, Packed(
            ZmtpBytes.Message("a"), [.. ZmtpBytes.Frame(1, "PACKED"u8.ToArray()), .. ZmtpBytes.Frame(0, ZmtpBytes.Message("b"))]), ["c"]);

        new[] { Next(), Next()?[..7], Next(), Next() }.ShouldBe(["a", "PACKED+", "c", null]);
        _input.IsPacked.ShouldBeTrue();
    }

    [Fact]
    public void WhatIsNoWholeMessage_InAPacked_IsGivenAsOneWithoutFrames()
    {
        Add(10, Packed(ZmtpBytes.Message("a"), [1, 200, 7]));

        new[] { Next(), Next(), Next() }.ShouldBe(["a", "", null]);
        _input.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void AnEmptyPacked_IsNothing()
    {
        Add(10, Packed());

        Next().ShouldBeNull();
        _input.TakeDone().ShouldBe(10);
    }

    [Fact]
    public void APacked_OfMoreMessagesThanMayBe_EndsInOneWithoutFrames()
    {
        Add(10, Packed([.. Enumerable.Repeat(ZmtpBytes.Message("x"), PackedMessages.MessagesMax + 1)]));

        for (var i = 0; i < PackedMessages.MessagesMax; i++) Next().ShouldBe("x");
        new[] { Next(), Next() }.ShouldBe(["", null]);
    }

    private static string[] Packed(params byte[][] messages) =>
        ["PACKED", Encoding.Latin1.GetString([.. messages.SelectMany(message => message)])];

    private void Add(long bytes, params string[][] messages) =>
        _input.Add(new ArrivedMessages([.. messages.Select(frames => frames.Select(Encoding.Latin1.GetBytes).ToList())], bytes));

    private string? Next() => _input.TryNext(out var frames) ? string.Join('+', frames.Select(Encoding.UTF8.GetString)) : null;
}
