using Gateway.Doctor;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Doctor;

public sealed class DiagnosisTests
{
    [Fact]
    public void When_all_is_well_the_verdict_says_so()
    {
        var diagnosis = Diagnosis.Of([new DoctorFinding(FindingIds.Flush, Verdict.Ok, "quick"), Unknown]);

        diagnosis.Verdict.ShouldBe(Verdict.Ok);
        diagnosis.Summary.ShouldBe(["Nothing is wrong, as far as it was measured (2 findings).", "There is nothing to do.",
            "Nothing else was found; not measured: clock."]);
    }

    [Fact]
    public void The_verdict_names_the_likeliest_cause_before_what_follows_from_it()
    {
        var diagnosis = Diagnosis.Of(
        [
            new DoctorFinding(FindingIds.Link, Verdict.Fault, "down (PortsExhausted)") { About = "billing" },
            new DoctorFinding(FindingIds.FileSystem, Verdict.Warning, "tmpfs"),
            new DoctorFinding(FindingIds.Inodes, Verdict.Fault, "none"),
            new DoctorFinding(FindingIds.EphemeralPorts, Verdict.Fault, "10 ports, all in use") { Advice = "Widen it.", Matters = true },
        ]);

        diagnosis.Verdict.ShouldBe(Verdict.Fault);
        diagnosis.Summary.ShouldBe(["The fault to look at first is ephemeral-ports: 10 ports, all in use.", "Widen it.",
            "Also found, the heaviest first: inodes, link (billing), file-system."]);
    }

    [Fact]
    public void A_warning_alone_is_the_verdict() => Diagnosis.Of(
        [new DoctorFinding(FindingIds.Clock, Verdict.Warning, "2 h behind"), Unknown]).Verdict.ShouldBe(Verdict.Warning);

    private static DoctorFinding Unknown => new(FindingIds.Clock, Verdict.Unknown, "no gateway runs");
}
