/** The picture of the kernel in a launcher: a slope and the tangent that touches it. */
export const kernelLogo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
  <rect width="64" height="64" rx="10" fill="#14427c"/>
  <path d="M9 13 C17 59 39 59 55 23" fill="none" stroke="#ffffff" stroke-width="5" stroke-linecap="round"/>
  <path d="M22 54 L58 36" stroke="#f0b429" stroke-width="4" stroke-linecap="round"/>
  <circle cx="39.500" cy="45.300" r="5" fill="#f0b429"/>
</svg>
`;
