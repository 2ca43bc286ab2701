namespace Gateway.Client.Compatibility;

/// <summary>The arithmetic of <see cref="TimeSpan"/> that .NET Framework lacks.</summary>
internal static class TimeSpanOperators
{
    extension(TimeSpan)
    {
        public static TimeSpan operator *(double factor, TimeSpan span) => new((long)Math.Round(span.Ticks * factor));

        public static TimeSpan operator /(TimeSpan span, double divisor) => new((long)Math.Round(span.Ticks / divisor));

        public static double operator /(TimeSpan span, TimeSpan other) => span.Ticks / (double)other.Ticks;
    }
}
