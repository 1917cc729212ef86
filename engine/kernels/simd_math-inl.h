// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Vector functions that several kernels need. Included once a target, by foreach_target's rule for headers.
#if defined(LECTERN_SIMD_MATH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LECTERN_SIMD_MATH_INL
#undef LECTERN_SIMD_MATH_INL
#else
#define LECTERN_SIMD_MATH_INL
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lectern {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// x / (1 + exp(-x))
template <class D, class V = hn::Vec<D>>
HWY_INLINE V silu(D d, V x) {
    // Below -87 exp(-x) would overflow; the quotient is 0 to all bits long before.
    return hn::Div(x, hn::Add(hn::Set(d, 1.0f), hn::Exp(d, hn::Neg(hn::Max(x, hn::Set(d, -87.0f))))));
}

/// body(i, n): the vectors of [0, count) in order; n is the number of lanes that count, less than all only at the end.
template <class D, class Body>
HWY_INLINE void for_vectors(D d, int64_t count, Body&& body) {
    const int64_t lanes = int64_t(hn::Lanes(d));
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes) body(i, lanes);
    if (i < count) body(i, count - i);
}

/// Loads n lanes, the others are 0; and stores n lanes.
template <class D>
HWY_INLINE hn::Vec<D> load_some(D d, const float* from, int64_t n) {
    if (n == int64_t(hn::Lanes(d))) return hn::LoadU(d, from);
    HWY_ALIGN float buffer[hn::MaxLanes(D())] = {};
    for (int64_t i = 0; i < n; ++i) buffer[i] = from[i];
    return hn::Load(d, buffer);
}
template <class D>
HWY_INLINE void store_some(D d, hn::Vec<D> v, float* to, int64_t n) {
    if (n == int64_t(hn::Lanes(d))) {
        hn::StoreU(v, d, to);
        return;
    }
    HWY_ALIGN float buffer[hn::MaxLanes(D())];
    hn::Store(v, d, buffer);
    for (int64_t i = 0; i < n; ++i) to[i] = buffer[i];
}

} // namespace HWY_NAMESPACE
} // namespace lectern
HWY_AFTER_NAMESPACE();

#endif
