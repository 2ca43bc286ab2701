using Gateway.Transport.Plain;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Plain;

/// <summary>What counts as acknowledged of a program's bytes in TLS.</summary>
public sealed class TlsMarksTests
{
    private readonly TlsMarks _marks = new();

    [Fact]
    public void BytesCount_OnceAllTlsBytesUpToTheirEnd_Do()
    {
        _marks.Add(10, 1040);
        _marks.Add(20, 1090);

        _marks.Within(1039).ShouldBe(0);
        _marks.Within(1040).ShouldBe(10);
        _marks.Within(1089).ShouldBe(10);
        _marks.Within(1090).ShouldBe(20);
        _marks.Within(5000).ShouldBe(20);
    }

    [Fact]
    public void ManyMarks_BecomeFewer_AndNoneCountsTooEarly()
    {
        for (var i = 1; i <= 1000; i++) _marks.Add(10 * i, 40 * i);

        for (var i = 0; i <= 1000; i++) _marks.Within(40 * i).ShouldBeLessThanOrEqualTo(10 * i);
        _marks.Within(40_000).ShouldBe(10_000);
    }
}
