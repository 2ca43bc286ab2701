namespace Gateway.Cli.Demo;

/// <summary>
/// The schedule of kills and absences: a pure function of the options, so that a seed reproduces a run. A kill is timed by accepted
/// messages, an absence by the clock; kills are spaced apart and lie within the flow.
/// </summary>
internal sealed record DemoPlan
{
    /// <summary>The time over which the messages are spread if nothing delays the producer.</summary>
    public required TimeSpan Flow { get; init; }

    public required DemoKill ReceivingGateway { get; init; }

    public required DemoKill Consumer { get; init; }

    public required DemoKill SendingGateway { get; init; }

    public static DemoPlan For(DemoOptions options)
    {
        var random = new Random(options.Seed);

        // Of the default 55 s, 22 s are flow and up to 10 s absences; the rest is for start-up, replay and slow machines.
        return new DemoPlan
        {
            Flow = options.Limit * 0.4,
            ReceivingGateway = Kill(0.12, 0.22, 2, 4),
            Consumer = Kill(0.42, 0.52, 1, 2),
            SendingGateway = Kill(0.68, 0.80, 2, 4),
        };

        DemoKill Kill(double from, double to, double shortest, double longest) => new(
            (long)(options.Messages * Between(from, to)),
            TimeSpan.FromSeconds(Between(shortest, longest)) * Math.Min(1, options.Limit / DemoDefaults.Limit));

        double Between(double low, double high) => low + (random.NextDouble() * (high - low));
    }
}
