using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Objects once more with all that they lead to, as the memory of a virtual machine is in a snapshot. What belongs to the world around it
/// stays the one that it was: so do objects that hold nothing.
/// </summary>
/// <param name="isOfTheWorld">Whether objects of a type are not copied.</param>
internal sealed class MemoryCopy(Predicate<Type> isOfTheWorld)
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConditionalWeakTable<Type, FieldInfo[]> _fieldsOf = [];
    private static readonly MethodInfo _clone =
        typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly Dictionary<object, object> _copies = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<object> _toFill = [];

    /// <summary>Something of the world stands in the copy in place of another.</summary>
    public void Replace(object original, object by) => _copies.Add(original, by);

    public T Of<T>(T original)
        where T : class
    {
        var copy = (T)Shell(original);
        while (_toFill.TryDequeue(out var next)) Fill(next);
        // Places in a table follow from the objects' hashes, and those from where they lie.
        foreach (var table in _copies.Values) Rehash(table);
        return copy;
    }

    /// <summary>The copy, of which the fields still lead to the originals, unless it was there already.</summary>
    private object Shell(object original)
    {
        var type = original.GetType();
        if (_copies.TryGetValue(original, out var known)) return known;
        if (IsShared(type)) return original;
        if (original is Delegate call) return _copies[original] = ShellOf(call);
        var copy = _clone.Invoke(original, null)!;
        _copies.Add(original, copy);
        _toFill.Enqueue(copy);
        return copy;
    }

    private Delegate ShellOf(Delegate call)
    {
        var parts = call.GetInvocationList();
        if (parts.Length > 1) return Delegate.Combine([.. parts.Select(ShellOf)])!;
        return call.Target is { } target ? Delegate.CreateDelegate(call.GetType(), Shell(target), call.Method) : call;
    }

    private void Fill(object copy)
    {
        if (copy is not Array array)
        {
            FillFields(copy, copy.GetType());
            return;
        }

        var element = array.GetType().GetElementType()!;
        if (!LeadsOn(element)) return;
        for (var i = 0; i < array.Length; i++)
        {
            if (array.GetValue(i) is { } value) array.SetValue(Value(value, element), i);
        }
    }

    private void FillFields(object copy, Type type)
    {
        foreach (var field in FieldsOf(type))
        {
            if (field.GetValue(copy) is { } value) field.SetValue(copy, Value(value, field.FieldType));
        }
    }

    private object Value(object value, Type declared)
    {
        if (!declared.IsValueType) return Shell(value);
        FillFields(value, value.GetType());
        return value;
    }

    private static FieldInfo[] FieldsOf(Type type) => _fieldsOf.GetValue(type, static type =>
    {
        var fields = new List<FieldInfo>();
        for (var level = type; level is not null; level = level.BaseType) fields.AddRange(level.GetFields(Fields));
        return [.. fields.Where(field => LeadsOn(field.FieldType))];
    });

    private static bool LeadsOn(Type type)
    {
        if (type.IsPointer || type.IsPrimitive || type.IsEnum || type == typeof(string)) return false;
        return !type.IsValueType || type.GetFields(Fields).Any(field => LeadsOn(field.FieldType));
    }

    private bool IsShared(Type type) => type == typeof(string) || type.IsPrimitive || isOfTheWorld(type)
        || typeof(MemberInfo).IsAssignableFrom(type) || typeof(Random).IsAssignableFrom(type)
        || (!type.IsArray && !type.IsValueType && !typeof(Delegate).IsAssignableFrom(type) && !HasFields(type));

    private static bool HasFields(Type type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (level.GetFields(Fields).Length > 0) return true;
        }

        return false;
    }

    private static void Rehash(object table)
    {
        var type = table.GetType();
        if (!type.IsGenericType) return;
        var kind = type.GetGenericTypeDefinition();
        if (kind == typeof(Dictionary<,>))
        {
            var dictionary = (IDictionary)table;
            var entries = new DictionaryEntry[dictionary.Count];
            dictionary.CopyTo(entries, 0);
            dictionary.Clear();
            foreach (var (key, value) in entries) dictionary.Add(key, value);
        }
        else if (kind == typeof(HashSet<>))
        {
            var items = ((IEnumerable)table).Cast<object>().ToList();
            type.GetMethod(nameof(HashSet<int>.Clear))!.Invoke(table, null);
            var add = type.GetMethod(nameof(HashSet<int>.Add))!;
            foreach (var item in items) add.Invoke(table, [item]);
        }
    }
}
