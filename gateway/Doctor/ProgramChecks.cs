using Gateway.Configuration;

namespace Gateway.Doctor;

/// <summary>Judges the program and its configuration. Pure.</summary>
internal static class ProgramChecks
{
    /// <summary>The beginning of a link's warning, which goes on with a colon.</summary>
    private const string Skew = "ClockSkew";

    /// <summary>Conditions of the gateway's health that have a finding of their own here.</summary>
    private static readonly string[] _judgedElsewhere = ["peer", "certificate", "configuration", "disk", "disk-full"];

    public static DoctorFinding Configuration(ConfigurationReport report)
    {
        if (report.Faults is [var first, ..] faults)
        {
            return new DoctorFinding(FindingIds.Configuration, Verdict.Fault,
                $"{(faults.Count == 1 ? "" : $"{Figures.Counted(faults.Count, "fault")}, the first: ")}{first.Text.TrimEnd('.')}")
            {
                Meaning = "A gateway would not start with it, and a running one does not apply it.",
                Advice = $"Correct {first.Source ?? "the configuration"}; 'gateway config check' lists all faults.",
            };
        }

        return new DoctorFinding(FindingIds.Configuration, Verdict.Ok,
            $"no fault; gateway {report.Name}, {Figures.Counted(report.Peers.Count, "peer")}, store {report.Store}");
    }

    /// <param name="program">The version of this program.</param>
    /// <param name="platform">The runtime and the operating system.</param>
    public static DoctorFinding Version(string program, string platform, RunningGateway? running) =>
        running?.Version is not { } version || version == program
            ? new DoctorFinding(FindingIds.Version, Verdict.Ok,
                $"{program}{(running?.Version is null ? "" : ", as the running gateway")}; {platform}")
            : new DoctorFinding(FindingIds.Version, Verdict.Warning, $"this program is {program}, the running gateway is {version}")
            {
                Meaning = "The program was replaced while the gateway ran.",
                Advice = "Restart the gateway when it suits, so that it runs the installed version.",
            };

    public static DoctorFinding Gateway(GatewayAnswer answer, DateTimeOffset now)
    {
        if (answer.Gateway is not { } gateway)
        {
            return new DoctorFinding(FindingIds.Gateway, answer.IsRefused ? Verdict.Unknown : Verdict.Fault,
                answer.Why.Split(". ")[0].TrimEnd('.'))
            {
                Meaning = answer.IsRefused ? "It runs, but its state and the history of its links may not be read by this caller."
                    : "A gateway that is stopped delivers nothing. Its links' history cannot be read; the host is examined all the same.",
                Advice = answer.IsRefused ? "Give a token with the role read in --token-file."
                    : "Start the gateway, or give its --config or --gateway if it runs.",
            };
        }

        var obstacles = gateway.Obstacles.Where(obstacle => !_judgedElsewhere.Contains(obstacle.Code)).ToList();
        var runs = $"{gateway.Name} has run for {Figures.Span(now - gateway.StartedAt)}";
        return obstacles.Count == 0 ? new DoctorFinding(FindingIds.Gateway, Verdict.Ok, runs)
            : new DoctorFinding(FindingIds.Gateway, Verdict.Fault, $"{runs}; {string.Join("; ", obstacles.Select(one => one.Text))}")
            {
                Meaning = "The running gateway reports this as a reason for its bad health.",
                Advice = "'gateway status' shows the details.",
            };
    }

    /// <param name="endpoint">The key of the configuration, such as <c>Links:Tls</c>.</param>
    public static DoctorFinding Certificate(string endpoint, CertificateFacts certificate, DateTimeOffset now)
    {
        var finding = new DoctorFinding(FindingIds.Certificate, Verdict.Ok, certificate.Fault.Length > 0 ? certificate.Fault.TrimEnd('.')
            : $"valid from {Figures.Time(certificate.BeginsAt)} to {Figures.Time(certificate.ExpiresAt)}, "
                + $"for {string.Join(", ", certificate.Names)}")
        { About = endpoint };
        if (certificate.Fault.Length > 0)
        {
            return finding with
            {
                Verdict = Verdict.Fault,
                Meaning = "No connection with TLS can be made with these files by this user.",
                Advice = "Correct the files, or run the doctor as the gateway's user.",
            };
        }

        if (now < certificate.BeginsAt)
        {
            return finding with
            {
                Verdict = Verdict.Fault,
                Meaning = $"It is not valid yet: the clock here shows {Figures.Time(now)}.",
                Advice = "Correct this host's clock, or replace the certificate.",
            };
        }

        return certificate.Warning.Length == 0 ? finding : finding with
        {
            Verdict = now >= certificate.ExpiresAt ? Verdict.Fault : Verdict.Warning,
            Meaning = Figures.Sentence(certificate.Warning),
            Advice = "Replace the certificate; the gateway reads the new files by itself.",
        };
    }

    /// <summary>The clock against each peer, as the links measure it.</summary>
    public static DoctorFinding Clock(RunningGateway? running, DateTimeOffset now)
    {
        if (running is null) return new DoctorFinding(FindingIds.Clock, Verdict.Unknown,
            $"{Figures.Time(now)}; clocks are compared over the links of a running gateway");
        var skews = running.Links.Where(link => link.Warning.StartsWith(Skew, StringComparison.Ordinal)).ToList();
        if (skews.Count == 0) return new DoctorFinding(FindingIds.Clock, Verdict.Ok,
            $"{Figures.Time(now)}; no peer's clock is known to differ");
        return new DoctorFinding(FindingIds.Clock, Verdict.Warning,
            string.Join("; ", skews.Select(link => $"{link.Peer}: {link.Warning[(Skew.Length + 2)..].Split(';')[0]}")))
        {
            Meaning = "Messages expire by the clock of the gateway that looks, and certificates seem invalid to a wrong clock.",
            Advice = "Let all hosts take their time from one source (NTP); 'date -u' on each shows which one is wrong.",
        };
    }
}

/// <summary>A certificate in the files of the configuration.</summary>
/// <param name="Warning">A clause; empty if it is valid for long.</param>
/// <param name="Fault">Why the files cannot be used; empty if they can, and then the rest has a meaning.</param>
internal sealed record CertificateFacts(
    DateTimeOffset BeginsAt, DateTimeOffset ExpiresAt, IReadOnlyList<string> Names, string Warning, string Fault = "");
