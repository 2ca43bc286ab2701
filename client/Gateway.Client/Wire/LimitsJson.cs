using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Gateway.Client.Wire;

/// <summary>The limits of WELCOME as a JSON object. Missing fields have their defaults; unknown fields are ignored.</summary>
internal static class LimitsJson
{
    private const int BytesMax = 64 * 1024;

    public static byte[] Write(WireLimits limits) => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, int>
        {
            ["bodyBytesMax"] = limits.BodyBytesMax,
            ["headersBytesMax"] = limits.HeadersBytesMax,
            ["batchMessagesMax"] = limits.BatchMessagesMax,
            ["batchBytesMax"] = limits.BatchBytesMax,
            ["creditMax"] = limits.CreditMax,
            ["subscriptionsMax"] = limits.SubscriptionsMax,
            ["pendingRequestsMax"] = limits.PendingRequestsMax,
            ["leaseMs"] = limits.LeaseMs,
        });

    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out WireLimits? limits)
    {
        limits = null;
        if (json.Length > BytesMax)
            return false;
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return false;
            var read = new WireLimits();
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (Apply(read, field) is not { } applied)
                    return false;
                read = applied;
            }

            limits = read;
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // JsonDocument throws the second kind for half a surrogate pair.
            return false;
        }
    }

    private static WireLimits? Apply(WireLimits limits, JsonProperty field)
    {
        if (!IsKnown(field.Name))
            return limits;
        if (field.Value.ValueKind != JsonValueKind.Number || !field.Value.TryGetInt32(out var value) || value < 1)
            return null;
        return field.Name switch
        {
            "bodyBytesMax" => limits with { BodyBytesMax = value },
            "headersBytesMax" => limits with { HeadersBytesMax = value },
            "batchMessagesMax" => limits with { BatchMessagesMax = value },
            "batchBytesMax" => limits with { BatchBytesMax = value },
            "creditMax" => limits with { CreditMax = value },
            "subscriptionsMax" => limits with { SubscriptionsMax = value },
            "pendingRequestsMax" => limits with { PendingRequestsMax = value },
            _ => limits with { LeaseMs = value },
        };
    }

    private static bool IsKnown(string name) => name is "bodyBytesMax" or "headersBytesMax" or "batchMessagesMax" or "batchBytesMax"
        or "creditMax" or "subscriptionsMax" or "pendingRequestsMax" or "leaseMs";
}
