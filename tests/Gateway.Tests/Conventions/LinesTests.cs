using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>Code fits into a window beside another one.</summary>
public sealed class LinesTests
{
    private const int LineCharsMax = 140;

    [Fact]
    public void Code_EndsAt140Characters() =>
        new[] { "client", "gateway", "tests" }.SelectMany(SourceTree.Files)
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (path, line, number: index + 1)))
            .Where(at => at.line.Length > LineCharsMax)
            .Select(at => $"{at.path}:{at.number} has {at.line.Length} characters").ShouldBeEmpty();
}
