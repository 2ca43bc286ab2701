using Shouldly;
using Xunit;

namespace Gateway.Tests.Kernel;

/// <summary>The bytes that a writer returns belong to the caller, and the writer continues empty.</summary>
public sealed class ByteWriterTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(1)]
    public void Take_ReturnsWhatWasWritten_WhetherOrNotItFillsTheBuffer(int capacity)
    {
        var writer = new ByteWriter(capacity);
        writer.Int32(0x04030201);
        var first = writer.Take();

        writer.Length.ShouldBe(0);
        writer.Int32(0x08070605);
        writer.Byte(9);

        writer.Take().ShouldBe([5, 6, 7, 8, 9]);
        first.ShouldBe([1, 2, 3, 4]);
    }
}
