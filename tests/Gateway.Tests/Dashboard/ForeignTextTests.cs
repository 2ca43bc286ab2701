using System.Text;
using Gateway.Dashboard.Browsing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

/// <summary>Bodies on a page: marks of direction would let a line read as another.</summary>
public sealed class ForeignTextTests
{
    [Fact]
    public void Text_LosesMarksOfDirection() => BodyText.Text("invoice\u202Egpj.exe\nzwei"u8).ShouldBe("invoice·gpj.exe\nzwei");

    [Fact]
    public void Json_ShowsThemEscaped() =>
        BodyText.Json(Encoding.UTF8.GetBytes("{\"a\":\"\u202Eb\u009B\"}"))!.ShouldContain("\\u202eb\\u009b", Case.Insensitive);
}
